#!/usr/bin/env bash
# Makes .venv from a hash-checked lock: `scripts/environment.sh run` or `dev` (adds the test tools). Does nothing when
# it is up to date. Needs any Python 3 with pip to fetch uv; uv then finds or fetches Python 3.10.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?"usage: scripts/environment.sh run|dev"}
case $kind in
  run) lock=requirements.lock ;;
  dev) lock=requirements-dev.lock ;;
  *) echo "usage: scripts/environment.sh run|dev" >&2; exit 2 ;;
esac

stand_in=packages/tensorflow-standin
wanted=$(cat "$lock" .python-version $(find "$stand_in" -type f ! -name '*.pyc' | sort) | sha256sum | cut -d' ' -f1)
stamp=.venv/.installed-$kind
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0
# The test environment holds everything that running needs.
if [ "$kind" = run ]; then
  dev=$(cat requirements-dev.lock .python-version $(find "$stand_in" -type f ! -name '*.pyc' | sort) | sha256sum | cut -d' ' -f1)
  [ "$(cat .venv/.installed-dev 2>/dev/null)" = "$dev" ] && exit 0
fi

uv=.tools/bin/uv
if ! [ -x "$uv" ]; then
  echo "Fetching uv ..."
  made=
  # A pyenv shim of python3 refuses to run where pyenv has no 3.10, so the system's Python is tried as well.
  for python in python3 /usr/bin/python3 python3.10; do
    if "$python" -m venv .tools >/dev/null 2>&1 && .tools/bin/python -m pip install --quiet "uv>=0.5" 2>/dev/null; then
      made=yes
      break
    fi
    rm -rf .tools
  done
  [ -n "$made" ] || { echo "No Python 3 with venv and pip was found; install python3-venv and try again." >&2; exit 1; }
fi

echo "Installing the $kind environment (Python 3.10, $(grep -c '==' "$lock") packages) ..."
[ -x .venv/bin/python ] || "$uv" venv --quiet --python 3.10 .venv
rm -f .venv/.installed-*
"$uv" pip sync --quiet --python .venv --compile-bytecode --require-hashes "$lock"
"$uv" pip install --quiet --python .venv --no-deps --no-build-isolation --compile-bytecode "./$stand_in"
echo "$wanted" > "$stamp"
