#!/usr/bin/env bash
# Brings what `make bench` measures mail beside into target/peers, and prints that folder: smtp-source and smtp-sink of
# Debian's postfix (unpacked, so that no mail server is set up), nodemailer and django-post-office.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD/target/peers
mkdir -p "$here"

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

# Debian's packages of these names, where a file of theirs is missing.
need() {
  [ -e "$1" ] && return
  { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends "${@:2}"; } >&2
}

if [ ! -x "$here/postfix/usr/sbin/smtp-source" ]; then
  rm -rf "$here/postfix" "$here/deb"
  mkdir -p "$here/deb"
  # What it is linked with beside its own libraries.
  need /usr/share/doc/libicu72 libicu72
  need /usr/share/doc/libnsl2 libnsl2
  need /usr/share/doc/libdb5.3 libdb5.3
  (cd "$here/deb" && { apt-get download -qq postfix || { $sudo apt-get update -qq && apt-get download -qq postfix; }; }) >&2
  dpkg -x "$here"/deb/postfix_*.deb "$here/postfix"
fi

if [ ! -d "$here/nodemailer/node_modules/nodemailer" ]; then
  mkdir -p "$here/nodemailer"
  npm install --silent --no-audit --no-fund --prefix "$here/nodemailer" nodemailer@7 >&2
fi

if [ ! -x "$here/django/bin/python" ] || ! "$here/django/bin/python" -c 'import post_office' 2>/dev/null; then
  python3 -c 'import ensurepip, venv' 2>/dev/null || need /nonexistent python3-venv
  python3 -m venv "$here/django"
  "$here/django/bin/pip" install --quiet 'django~=5.2' 'django-post-office~=3.9' >&2
fi
echo "$here"
