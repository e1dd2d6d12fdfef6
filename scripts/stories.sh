#!/usr/bin/env bash
# `rasa test core` on the stories of tests/stories: fails unless every story is predicted to the end.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
model=$(.venv/bin/python -c 'from pathlib import Path; from bot.training import train; print(train(Path.cwd())[0])')
.venv/bin/rasa test core --model "$model" --stories tests/stories --out "$out" --fail-on-prediction-errors
