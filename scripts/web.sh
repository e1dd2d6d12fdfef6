#!/usr/bin/env bash
# Builds the web widget into bot/web/static when its sources changed. Uses the machine's Node.js 20 or newer, or else
# one from a Python package, kept in .tools.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=$(find web -type f -not -path 'web/node_modules/*' -not -path 'web/test/*' | sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
stamp=bot/web/static/.built
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0

if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null; then
  if ! [ -x .tools/bin/node ]; then
    echo "Fetching Node.js ..."
    .tools/bin/uv pip install --quiet --python .tools --require-hashes -r requirements-web.lock
  fi
  PATH="$PWD/.tools/bin:$PATH"
fi
echo "Building the web widget ..."
(cd web && npm ci --silent --no-audit --no-fund && npm run --silent build)
echo "$wanted" > "$stamp"
