#!/usr/bin/env bash
# Everything that CI runs, in order of cost; ends with a line that counts passed and failed checks.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

check() { # check NAME COMMAND...: quiet when it passes
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name ($((SECONDS - started)) s)"
  else
    failed=$((failed + 1))
    echo "FAILED  $name ($((SECONDS - started)) s)"
    tail -n 60 "$log"
  fi
}

tests() { # tests FOLDER RESULTS: pytest, counted test by test; writes "passed failed" into RESULTS/NAME
  local name started=$SECONDS log code p f
  name=$(basename "$1")
  echo "0 1" >"$2/$name" # counts as failed until it has ended
  log=$(mktemp)
  .venv/bin/pytest -q "$1" >"$log" 2>&1
  code=$?
  p=$(grep -oE '[0-9]+ passed' "$log" | tail -n 1 | cut -d' ' -f1)
  f=$(grep -oE '[0-9]+ (failed|errors?)' "$log" | awk '{n += $1} END {print n + 0}')
  if [ $code -eq 0 ]; then
    echo "ok      $name: ${p:-0} tests ($((SECONDS - started)) s)"
  else
    [ "${f:-0}" -eq 0 ] && f=1
    echo "FAILED  $name ($((SECONDS - started)) s)
$(tail -n 80 "$log")"
  fi
  echo "${p:-0} ${f:-0}" >"$2/$name"
  rm -f "$log"
}
export -f tests

export RASA_TELEMETRY_ENABLED=false PYTHONWARNINGS=ignore
check "lint (ruff)" .venv/bin/ruff check .
check "format (ruff)" .venv/bin/ruff format --check .
check "types (mypy, strict)" .venv/bin/mypy
check "advisories on locked packages" .venv/bin/python scripts/audit.py
check "knowledge base" .venv/bin/python -m bot.knowledge
check "rasa data validate" .venv/bin/rasa data validate --fail-on-warnings
check "web sources (tsc, eslint, unit tests, size)" bash -c 'cd web && PATH="$PWD/../.tools/bin:$PATH" && npm run --silent check && npm test --silent && npm run --silent size'
check "rasa test core" scripts/stories.sh
# Three folders at a time, the longest first: much of their time is waiting for servers. All ports are free ones.
results=$(mktemp -d)
trap 'rm -rf "$log" "$results"' EXIT
longest="browser scale content behaviour nlu fuzz server durability commands insights e2e slack stores"
for folder in $longest $(ls tests); do
  ls "tests/$folder"/test_*.py >/dev/null 2>&1 && echo "tests/$folder/"
done | awk '!seen[$0]++' | xargs -P 3 -I {} bash -c 'tests "$@"' _ {} "$results"
for name in "$results"/*; do
  read -r p f <"$name"
  passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
