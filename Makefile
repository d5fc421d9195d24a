# The commands that people use; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run check gates test screenshot clean

PYTHON ?= python3
BIN := .venv/bin
# Passed through the environment, so that any folder name survives the shell.
export REPOS

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22

setup: ## make .venv with everything that runs the product and its demo
	@$(PYTHON) tools/set_up.py

setup-tests:
	@$(PYTHON) tools/set_up.py --tests

run: setup ## start everything and print the address; REPOS=folder collects that folder instead of the demo
	@exec $(BIN)/python manage.py up $${REPOS:+--repositories "$$REPOS"}

gates: setup-tests
	@$(BIN)/python tools/gates.py

check: gates ## ruff, mypy, import contracts, migrations and the fast tests
	@$(BIN)/python -m pytest -q -m "not slow and not browser and not broker"

test: ## everything: SQLite, PostgreSQL, Redis and a real browser
	@bash tools/test_parts.sh
	@bash tests/peers/install.sh
	@$(MAKE) --no-print-directory gates
	@$(BIN)/python -m tests.services.postgres $(BIN)/python -m pytest -q --only-database
	@$(BIN)/python -m pytest -q

screenshot: setup-tests ## make the README's picture from the demo
	@$(BIN)/python tools/screenshot.py

clean: ## remove what set-up and tests made; the data folder stays
	@rm -rf .venv .venv-ministack tests/peers/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
