# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS := ignore

.PHONY: help run shell train test lint types eval nlu-curve bench insights env dev web lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

env: ## install what running needs (.venv, from the hash-checked lock)
	@scripts/environment.sh run

dev: ## install what testing needs as well
	@scripts/environment.sh dev

web: env ## build the web widget if its sources changed
	@scripts/web.sh

train: env ## train the model if data, configuration or pipeline code changed
	@$(PY) -m bot.training

run: web train ## install, train and serve; PORT=5005 and other settings: .env.example
	@exec $(PY) -m bot serve

shell: train ## the same bot in `rasa shell`; piped input works
	@exec $(PY) -m bot shell

lint: dev
	@.venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check .

types: dev
	@.venv/bin/mypy

test: dev web train ## everything that CI runs
	@scripts/services.sh
	@scripts/test.sh

eval: train ## grade questions: make eval QUESTIONS=file.jsonl [URL=...]
	@$(PY) -m evaluation $(QUESTIONS) $(if $(URL),--url $(URL))

nlu-curve: train ## the curves that the NLU thresholds were chosen from
	@$(PY) -m evaluation.curves

bench: dev web train ## the benchmark table: start, memory, latency, widget, Slack
	@$(PY) -m evaluation.bench

insights: env ## what people asked: make insights DAYS=30, or FROM=2026-05-01 TO=2026-05-31; files in var/insights
	@$(PY) -m bot.insights --days "$(DAYS)" --from "$(FROM)" --to "$(TO)" $(if $(OUT),--out "$(OUT)")

lock: env ## renew requirements*.lock from pyproject.toml
	@scripts/lock.sh

clean: ## remove environment, models and built files
	@rm -rf .venv .tools models bot/web/static web/node_modules
