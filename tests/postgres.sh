#!/usr/bin/env bash
# A PostgreSQL server for the tests alone: its own cluster under target/, on a socket and a port of its own.
#
#   tests/postgres.sh start    make it if need be, start it, print its address
#   tests/postgres.sh stop     stop it
#
# Durability is off, unless OPENDOOR_TEST_POSTGRES_DURABLE is set: a test that kills the product does not kill the
# database with it.
set -euo pipefail
cd "$(dirname "$0")/.."
here=${OPENDOOR_TEST_POSTGRES_DIR:-/tmp/opendoor-test-postgres}
port=${OPENDOOR_TEST_POSTGRES_PORT:-54329}

bin() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  if [ -x "${found:-}/$1" ]; then echo "$found/$1"; else command -v "$1"; fi
}

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_owner() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

case "${1:-}" in
start)
  if ! bin initdb >/dev/null; then
    echo "PostgreSQL is missing: apt-get install postgresql" >&2
    exit 1
  fi
  if ! as_owner "$(bin pg_ctl)" status -D "$here" >/dev/null 2>&1; then
    if [ ! -f "$here/PG_VERSION" ]; then
      mkdir -p "$here"
      [ "$(id -u)" = 0 ] && chown postgres "$here"
      as_owner "$(bin initdb)" -D "$here" -U opendoor --auth=trust --encoding=UTF8 --locale=C >/dev/null
    fi
    loose="-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    [ -z "${OPENDOOR_TEST_POSTGRES_DURABLE:-}" ] || loose=
    as_owner "$(bin pg_ctl)" start -D "$here" -w -l "$here/log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$here $loose -c max_connections=400" >/dev/null
  fi
  echo "postgres://opendoor@127.0.0.1:$port/postgres"
  ;;
stop)
  if as_owner "$(bin pg_ctl)" status -D "$here" >/dev/null 2>&1; then
    as_owner "$(bin pg_ctl)" stop -D "$here" -m fast >/dev/null
  fi
  ;;
*)
  echo "usage: tests/postgres.sh start|stop" >&2
  exit 2
  ;;
esac
