#!/usr/bin/env bash
# The long run of tests/mail/kill.rs, on a PostgreSQL of its own unless OPENDOOR_TEST_POSTGRES names one. OPENDOOR_KILLS
# (500), OPENDOOR_KILL_LETTERS (5000) and OPENDOOR_KILL_SEED change it.
set -uo pipefail
cd "$(dirname "$0")/.."

if [ -z "${OPENDOOR_TEST_POSTGRES:-}" ]; then
  OPENDOOR_TEST_POSTGRES=$(tests/postgres.sh start) || exit 1
  export OPENDOOR_TEST_POSTGRES
  trap 'tests/postgres.sh stop' EXIT
fi
cargo test --locked --test suite -- --ignored --nocapture mail::kill
