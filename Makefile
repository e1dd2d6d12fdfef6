# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS := ignore

.PHONY: help run shell train test lint types eval nlu-curve bench bench-baseline bench-readme profile env dev web lock clean

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

bench: dev web train ## this bot beside stock Rasa: ONLY=latency,turns QUICK=1 ALONE=1 RESUME=1
	@$(PY) -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick) $(if $(ALONE),--alone) $(if $(RESUME),--resume)

bench-baseline: dev ## build stock Rasa with TensorFlow in benchmarks/baseline (3 GB)
	@$(PY) -m benchmarks.baseline_project

bench-readme: dev ## write the README's figures from the newest result of make bench
	@$(PY) -m benchmarks --readme

profile: dev train ## a call tree of one message: text, and var/profile.html
	@$(PY) -m benchmarks.profile

lock: env ## renew requirements*.lock from pyproject.toml
	@scripts/lock.sh

clean: ## remove environment, models and built files
	@rm -rf .venv .tools models bot/web/static web/node_modules
