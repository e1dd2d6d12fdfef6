#!/usr/bin/env bash
# Installs what tests start from Debian's packages (a browser, databases, a proxy, another processor) where this is root and they are
# missing; where that is not possible, the tests that need them are skipped with one line that says how to get them.
set -uo pipefail
cd "$(dirname "$0")/.."
checks=.tools/deploy
if ! cmp -s requirements-deploy.lock "$checks/.installed"; then
  .tools/bin/uv pip install --quiet --python .venv --target "$checks" --no-deps --require-hashes -r requirements-deploy.lock \
    && cp requirements-deploy.lock "$checks/.installed" || echo "Could not install the checks of deploy/"
fi
PATH="$PATH:/usr/sbin"
wanted=()
command -v chromium >/dev/null || wanted+=(chromium)
command -v redis-server >/dev/null || wanted+=(redis-server)
command -v rabbitmq-server >/dev/null || wanted+=(rabbitmq-server)
command -v nginx >/dev/null || wanted+=(nginx-light)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted+=(postgresql)
[ "$(uname -m)" != x86_64 ] || command -v qemu-x86_64 >/dev/null || wanted+=(qemu-user)
[ ${#wanted[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "Not installed: ${wanted[*]} (as root: apt-get install ${wanted[*]})"
  exit 0
fi
echo "Installing ${wanted[*]} ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null 2>&1
# The tests start their own; the packages must not start any.
policy=/usr/sbin/policy-rc.d
[ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy" && trap 'rm -f "$policy"' EXIT; }
apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null 2>&1 || echo "Could not install ${wanted[*]}"
