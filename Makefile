# Two commands do everything: `make run` and `make test`. `make help` lists the rest.

# What is given as NAME=value is text: nothing in it is expanded, neither by make (hence this line, and no $(NAME) below)
# nor by the shell (hence "$$NAME" in recipes, which the shell reads from its environment). Ids come from strangers.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),\
  $(eval override $(name) := $$(value $(name)))$(eval export $(name))))

override SHELL := /bin/bash
override PY := .venv/bin/python
override COMMANDS := $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' Makefile)
.DEFAULT_GOAL := help
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS := ignore
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

ifneq ($(filter-out $(COMMANDS),$(MAKECMDGOALS)),)
  $(error Nothing was done: no command "$(filter-out $(COMMANDS),$(MAKECMDGOALS))" in `make help`. \
    A value with spaces needs quotes, like NAME='a b')
endif

.PHONY: $(COMMANDS)

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

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

mutants: dev web train ## whether tests notice changes that would hurt somebody: make mutants [ROOM=advice]
	@$(PY) -m tests.support.mutants $${ROOM:+--room="$$ROOM"}

audit: dev ## known faults of the locked packages, asked of the OSV database where it can be reached
	@$(PY) scripts/audit.py
	@$(PY) scripts/online_audit.py

eval: train ## the scorecard, also of your own questions: make eval [QUESTIONS=file.jsonl] [OUTSIDE=1] [URL=...]
	@set -f; $(PY) -m evaluation $${OUTSIDE:+--outside} $${URL:+--url="$$URL"} -- $$QUESTIONS

nlu-curve: train ## the curves that the NLU thresholds were chosen from
	@$(PY) -m evaluation.curves

bench: dev web train ## this bot beside stock Rasa: ONLY=latency,turns QUICK=1 ALONE=1 RESUME=1
	@$(PY) -m benchmarks $${ONLY:+--only="$$ONLY"} $${QUICK:+--quick} $${ALONE:+--alone} $${RESUME:+--resume}

bench-baseline: dev ## build stock Rasa with TensorFlow in benchmarks/baseline (3 GB)
	@$(PY) -m benchmarks.baseline_project

bench-readme: dev ## write the README's figures from the newest results of make bench
	@$(PY) -m benchmarks --readme

profile: dev train ## a call tree of one message: text, and var/profile.html
	@$(PY) -m benchmarks.profile

forget: env ## erase everything about one person: make forget SENDER='...', or without it, and type the id
	@$(PY) -m bot forget $${SENDER:+--from-make -- "$$SENDER"}

export: env ## print everything stored about one person as JSON: make export SENDER='...'
	@$(PY) -m bot export $${SENDER:+--from-make -- "$$SENDER"}

prune: env ## erase conversations older than RETENTION_DAYS (the server does so by itself)
	@$(PY) -m bot prune

backup: env ## copy the conversations to a new file while the server runs: make backup FILE=...
	@$(PY) -m bot backup -- "$$FILE"

restore: env ## put a backup in the place of the conversations: make restore FILE=... [REPLACE=1]
	@replace=$$([ "$$REPLACE" != 1 ] || echo --replace); $(PY) -m bot restore $$replace -- "$$FILE"

chaos: dev train ## conversations while every part of a cluster is killed, or hangs, in turn
	@scripts/services.sh
	@set -f; $(PY) -m benchmarks.chaos $$OPTIONS

soak: dev train ## half of what the server can do for half an hour; OPTIONS="--minutes 5 --cluster"
	@scripts/services.sh
	@set -f; $(PY) -m benchmarks.soak $$OPTIONS

fuzz: dev web train ## 20,000 hostile requests to every route: OPTIONS="--requests 2000 --parts 1 --seed 7"
	@set -f; $(PY) -m benchmarks.fuzz $$OPTIONS

capacity: dev train ## what one server and a cluster can do here; the figures of docs/deploy.md
	@scripts/services.sh
	@set -f; $(PY) -m benchmarks.capacity $$OPTIONS

insights: env ## what people asked: make insights DAYS=30, or FROM=2026-05-01 TO=2026-05-31; files in var/insights
	@$(PY) -m bot.insights --days="$$DAYS" --from="$$FROM" --to="$$TO" $${OUT:+--out="$$OUT"}

content-check: env ## check data/knowledge: mistakes, gaps, duplicates, old sources, facts hard to find (ALL=1 shows all)
	@$(PY) -m bot.content check $${ALL:+--all}

content-preview: env ## an answer on all channels: make content-preview ROLE=ml_engineer TOPIC=tools
	@$(PY) -m bot.content preview --role="$$ROLE" --topic="$$TOPIC"

content-new-role: env ## start a role: ROLE=id NAME=... ALIASES=a,b SOURCE=... [DATE= PUBLISHER= URL= PLURAL= SHORT=]
	@$(PY) -m bot.content new-role --role="$$ROLE" --name="$$NAME" --aliases="$$ALIASES" --source="$$SOURCE" \
	  --date="$$DATE" --publisher="$$PUBLISHER" --url="$$URL" --plural="$$PLURAL" --short="$$SHORT"

content-suggest: env ## write a review file from unanswered questions: make content-suggest [FILE=review.yml]
	@$(PY) -m bot.content suggest -- "$${FILE:-review.yml}"

content-accept: env ## add what the review file accepts to data/: make content-accept FILE=review.yml
	@$(PY) -m bot.content accept -- "$${FILE:-review.yml}"

lock: env ## renew requirements*.lock from pyproject.toml
	@scripts/lock.sh

clean: ## remove environment, models and built files
	@rm -rf .venv .tools models bot/web/static web/node_modules
