# Two commands matter: `make run` and `make test`. Both set up everything they need; neither needs root.
SHELL := /bin/bash
.DEFAULT_GOAL := help
UV_VERSION := 0.13.9
# Found again at each use, because `make uv` may have just installed it.
UV = $(or $(shell command -v uv),.tools/bin/uv)
ENGINE = $(UV) run --no-sync --project bot/engine
MAIN = $(UV) run --no-sync

.PHONY: help uv setup model train run call backup backups restore score journeys test test-engine test-main check clean

help:  ## Show these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

uv:
	@command -v uv >/dev/null || [ -x .tools/bin/uv ] \
	  || { echo "Installing uv $(UV_VERSION) with pip …"; python3 -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) 2>/dev/null; } \
	  || { python3 -m venv .tools && .tools/bin/pip install --quiet uv==$(UV_VERSION); }

setup: uv  ## Both environments, as locked
	@echo "Preparing the environment of Lamplighter (Python 3.12) …"
	@$(UV) sync --inexact --frozen --quiet
	@echo "Preparing the environment of Rasa (Python 3.10; 2.6 GB the first time) …"
	@$(UV) sync --inexact --frozen --quiet --project bot/engine

model: setup  ## Fetch the Chinese speech model (Vosk), or the second recogniser when it cannot be had
	@$(MAIN) python -m voice.model

train: setup  ## Train the understanding, when its inputs changed
	@$(MAIN) python -m ops.checks
	@$(ENGINE) python -m bot.engine.train

run: train  ## Start Lamplighter (Ctrl-C stops it)
	@$(MAIN) python -m voice.model --for-run
	@exec $(MAIN) python -m ops.run

WAV ?= tests/fixtures/callers/outage_call.wav
call:  ## Telephone the running system with a recording: make call WAV=file.wav
	@$(MAIN) python -m voice.dial $(WAV) $(if $(CALLER),--caller $(CALLER)) $(if $(OUT),--out $(OUT))

backup:  ## Keep the running system's state: make backup [TO=folder]
	@$(MAIN) python -m ops.backup take $(TO)

backups:  ## The backups there are: make backups [IN=folder]
	@$(MAIN) python -m ops.backup list $(IN)

restore:  ## Put a state back (nothing may run): make restore FROM=backup
	@$(MAIN) python -m ops.backup restore $(FROM)

FILE ?= $(wildcard tests/engine/heldout/*.tsv)
TODAY ?= 2026-11-23
score: train  ## Score the understanding on a TSV: make score FILE=…
	@$(ENGINE) python -m bot.engine.score $(FILE) --today $(TODAY)

journeys:  ## Play the journeys against the running system
	@$(MAIN) python -m tests.journeys tests/journeys/*.yml

test: train test-engine test-main  ## All the tests, from nothing

test-engine:
	$(ENGINE) pytest tests/engine

# Calls, journeys and killed workers keep real time, so nothing runs beside them.
REAL_TIME = $(addprefix tests/voice/,lines test_call.py test_dial.py test_front_door.py test_main.py) \
  tests/system tests/ticketing/automation/test_adoption.py
test-main:
	@$(UV) sync --inexact --frozen --quiet --extra whisper
	@$(MAIN) python -m voice.model whisper
	@$(MAIN) python -m voice.model english-test
	$(MAIN) pytest -n 2 --dist loadfile $(addprefix --ignore ,$(REAL_TIME))
	$(MAIN) pytest $(REAL_TIME)

check: setup  ## Format, lint, types
	$(MAIN) ruff format --check . && $(MAIN) ruff check . && $(MAIN) mypy .

clean:  ## Remove what was built (not the data in var/)
	rm -rf .venv bot/engine/.venv .tools models .mypy_cache .ruff_cache .pytest_cache .rasa
