#!/usr/bin/env bash
# Installs what the tests talk to (browser, database, broker) where that is possible: as root, with apt.
# Elsewhere it says what is missing; the tests that need it are then skipped, or fail when CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."

# A stand-in for AWS with an environment of its own, made again when its list of packages changes.
ministack=.venv-ministack
if ! cmp -s tests/services/ministack.txt "$ministack/installed.txt"; then
  echo "Installing ministack into $ministack"
  if python3 -m venv --clear "$ministack" && "$ministack/bin/pip" install -q --prefer-binary -r tests/services/ministack.txt; then
    cp tests/services/ministack.txt "$ministack/installed.txt"
  else
    rm -rf "$ministack"
    echo "ministack could not be installed; the tests that need it will be skipped." >&2
  fi
fi

missing=()
command -v git >/dev/null || missing+=(git)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v redis-server >/dev/null || missing+=(redis-server)
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || missing+=(postgresql)
command -v ssh >/dev/null || missing+=(openssh-client)
[ -x /usr/sbin/sshd ] || command -v sshd >/dev/null || missing+=(openssh-server)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "Some tests will be skipped. To run them: sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 0
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# Packages must not start servers of their own here.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d.posture
chmod +x /usr/sbin/policy-rc.d.posture
if [ ! -e /usr/sbin/policy-rc.d ]; then
  mv /usr/sbin/policy-rc.d.posture /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
else
  rm /usr/sbin/policy-rc.d.posture
fi
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
