#!/usr/bin/env bash
# Everything, from a fresh Debian with Rust, Node and make: what tests need is installed, PostgreSQL is started, all
# tests run on both databases and in a browser, and the counts are the last line.
set -uo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

need() { # need PROGRAM PACKAGE…
  local program=$1
  shift
  if [ "$program" = postgres ]; then
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return
  else
    command -v "$program" >/dev/null && return
  fi
  say "Installing $*"
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null || {
    echo "Could not install $*: install it by hand and run make test again." >&2
    exit 1
  }
}

need postgres postgresql
need chromium chromium fonts-liberation
need dkimverify python3-dkim openssl
if ! [ -d node_modules/playwright-core ] || ! [ -d node_modules/axe-core ]; then
  say "Installing the packages of package-lock.json"
  npm ci --ignore-scripts --no-audit --no-fund || exit 1
fi

say "Starting PostgreSQL for the tests"
OPENDOOR_TEST_POSTGRES=$(tests/postgres.sh start) || exit 1
export OPENDOOR_TEST_POSTGRES
trap 'tests/postgres.sh stop; tests/dovecot.sh stop' EXIT

say "Starting Dovecot for the tests"
OPENDOOR_TEST_DOVECOT=$(tests/dovecot.sh start) || exit 1
export OPENDOOR_TEST_DOVECOT

say "Testing"
log=$(mktemp)
cargo test --locked --workspace --no-fail-fast 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
sum() { awk -v word="$1" '/^test result:/ { for (i = 2; i <= NF; i++) if ($i ~ "^" word) n += $(i - 1) } END { print n + 0 }' "$log"; }
passed=$(sum passed)
failed=$(sum failed)
ignored=$(sum ignored)
rm -f "$log"
# A suite that does not build has failed, whatever it counted.
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
say "All tests"
if [ "$ignored" != 0 ]; then echo "$ignored were left out: make kills"; fi
echo "$passed passed, $failed failed"
[ "$status" = 0 ]
