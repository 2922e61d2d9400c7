#!/usr/bin/env bash
# A Dovecot server for the tests alone, with its own configuration, certificate, mailboxes and ports.
#
#   tests/dovecot.sh start    install it if need be, start it anew, print its port without and with encryption, its folder
#   tests/dovecot.sh stop     stop it
#
# Every name is an account with the password a-quiet-room and a mailbox of its own in the folder, empty at each start.
set -euo pipefail
here=${OPENDOOR_TEST_DOVECOT_DIR:-/tmp/opendoor-test-dovecot-$(id -un)}
plain=${OPENDOOR_TEST_DOVECOT_PORT:-20143}
encrypted=${OPENDOOR_TEST_DOVECOT_TLS_PORT:-20993}

# As PostgreSQL's: not as root, whose mail Dovecot does not read.
owner=$(id -un)
[ "$(id -u)" = 0 ] && owner=nobody
group=$(id -gn "$owner")
as_owner() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u "$owner" -- "$@"); else "$@"; fi
}

program() { type -P dovecot || ls /usr/sbin/dovecot 2>/dev/null; }

install_it() {
  local as_root=(env DEBIAN_FRONTEND=noninteractive)
  [ "$(id -u)" = 0 ] || as_root=(sudo "${as_root[@]}")
  echo "Installing dovecot-imapd" >&2
  local try
  for try in 1 2 3; do
    # A mirror that does not answer may do so a little later.
    [ "$try" = 1 ] || sleep 5
    if "${as_root[@]}" apt-get update -qq >&2 &&
      "${as_root[@]}" apt-get install -y -qq --no-install-recommends dovecot-imapd openssl >&2; then
      # The package starts a server for the whole machine: nobody asked for that one.
      if [ -f /run/dovecot/master.pid ]; then "${as_root[@]}" "$(program)" stop >&2 || return 1; fi
      return 0
    fi
  done
  return 1
}

# Whether a server of ours runs: what an earlier run left may name a process that is somebody else's by now.
runs() {
  [ "$(cat "/proc/$1/comm" 2>/dev/null)" = dovecot ]
}

stop() {
  [ -f "$here/run/master.pid" ] || return 0
  local pid
  pid=$(cat "$here/run/master.pid")
  runs "$pid" || return 0
  as_owner "$(program)" -c "$here/dovecot.conf" stop >&2 || true
  for _ in $(seq 100); do
    runs "$pid" || return 0
    sleep 0.1
  done
  echo "Dovecot does not stop" >&2
  return 1
}

configure() {
  cat >"$here/certificate.conf" <<EOF
[req]
distinguished_name = name
x509_extensions = about
prompt = no
[name]
CN = localhost
[about]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost
EOF
  openssl req -x509 -config "$here/certificate.conf" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -days 2 -keyout "$here/key.pem" -out "$here/certificate.pem" 2>/dev/null
  cat >"$here/dovecot.conf" <<EOF
base_dir = $here/run
state_dir = $here/state
log_path = $here/log
protocols = imap
listen = 127.0.0.1
default_internal_user = $owner
default_internal_group = $group
default_login_user = $owner
auth_failure_delay = 0
ssl = yes
ssl_cert = <$here/certificate.pem
ssl_key = <$here/key.pem
mail_location = maildir:$here/mail/%u
mail_fsync = never
first_valid_uid = 1
passdb {
  driver = static
  args = password=a-quiet-room
}
userdb {
  driver = static
  args = uid=$owner gid=$group home=$here/mail/%u
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  service_count = 0
  inet_listener imap {
    port = $plain
  }
  inet_listener imaps {
    port = $encrypted
    ssl = yes
  }
}
EOF
}

case "${1:-}" in
start)
  if ! program >/dev/null || ! command -v openssl >/dev/null; then
    install_it || {
      echo "Dovecot is missing: apt-get install dovecot-imapd openssl" >&2
      exit 1
    }
  fi
  stop
  rm -rf "$here"
  mkdir -p "$here/mail" "$here/run" "$here/state"
  configure
  if [ "$(id -u)" = 0 ]; then chown -R "$owner" "$here"; fi
  as_owner "$(program)" -c "$here/dovecot.conf" >&2
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$encrypted") 2>/dev/null; then
      echo "$plain,$encrypted,$here"
      exit 0
    fi
    sleep 0.1
  done
  echo "Dovecot does not answer; $here/log says more" >&2
  exit 1
  ;;
stop)
  stop
  ;;
*)
  echo "usage: tests/dovecot.sh start|stop" >&2
  exit 2
  ;;
esac
