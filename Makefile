# Golden Thread: what one types. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
PROCESSES ?= 3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -n $(PROCESSES) --durations=20 --durations-min=1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# A stamp carries the lock's content in its name: what is installed is right exactly when it is there.
RUN_STAMP := $(VENV)/.run-$(shell cat requirements.txt pyproject.toml | sha256sum | cut -c1-16)
DEV_STAMP := $(VENV)/.dev-$(shell cat requirements-dev.txt pyproject.toml | sha256sum | cut -c1-16)

.PHONY: help run install dev rooms help-pictures check test test-sqlite test-postgresql test-browser test-fast left-out browser format snapshots bench assets lock release clean

help: ## What there is to do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 20

run: install ## Start web and worker on PORT (8000), with the demonstration partnership unless LMS_DEMO=0
	@exec $(BIN)/python bin/run.py --port $(PORT)

install: $(RUN_STAMP) ## Make .venv with the lms command

dev: $(DEV_STAMP) ## Make .venv with what checks and tests need as well

$(RUN_STAMP): | $(BIN)/python
	@$(call install_from,requirements.txt,run)

$(DEV_STAMP): | $(BIN)/python
	@$(call install_from,requirements-dev.txt,dev)
	@touch $(RUN_STAMP)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Golden Thread needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv $(VENV)

define install_from
echo "Installing what $(1) lists into $(VENV) ..."
$(BIN)/pip install --quiet --require-hashes -r $(1)
$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
rm -f $(VENV)/.$(2)-*
touch $@
endef

check: dev ## Lint, format, types, import rules, migrations in step
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/house/test_migrations.py -p no:cacheprovider

test: dev browser ## All tests, on SQLite, PostgreSQL and in Chromium; the slowest twenty are named
	@$(PYTEST) --no-loadscope-reorder

test-sqlite: check ## The first of three lanes that share nothing: checks, and all tests that need SQLite alone
	@$(PYTEST) --no-loadscope-reorder -m "not postgresql and not browser"

test-postgresql: dev ## The second: tests that need PostgreSQL
	@$(PYTEST) --no-loadscope-reorder -m "postgresql and not browser"

test-browser: dev browser ## The third: tests in Chromium
	@$(PYTEST) --no-loadscope-reorder -m browser

test-faults: dev ## Kills, outages and full disks, for minutes: not part of the usual run
	@FAULTS=1 $(BIN)/python -m pytest tests/faults -p no:cacheprovider -s

test-fast: dev ## The inner loop, under a minute: SQLite alone, no browser, and nothing that takes long
	@$(PYTEST) -m "not browser and not slow and not postgresql"

left-out: dev ## Measure every test on SQLite, and write down which of them the inner loop leaves out
	@UPDATE_LEFT_OUT=1 $(BIN)/python -m pytest -m "not browser and not postgresql" -p no:cacheprovider

browser: ## Install Debian's Chromium, where this may
	@bin/install-chromium

format: dev ## Put layout and imports right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

snapshots: dev ## Write the table of access, the letters, the lives and the contract anew; read the difference
	@UPDATE_SNAPSHOTS=1 $(BIN)/python -m pytest -m "not postgresql" tests/house/test_access.py tests/house/test_letters.py tests/house/test_lives.py tests/house/test_contract.py

bench: dev ## Measurements that anyone can repeat
	@$(BIN)/python -m bench

assets: dev ## Fetch GOV.UK Frontend anew (needs npm)
	@$(BIN)/python assets/build.py

help-pictures: dev ## Take the pictures of the Help pages anew, from the demonstration (needs Chromium)
	@$(BIN)/python -m bin.help_pictures

rooms: dev ## Draw docs/rooms.svg and docs/rooms-host.svg from the imports
	@$(BIN)/python bin/draw_rooms.py
	@$(BIN)/python bin/draw_rooms.py --packages lms --out docs/rooms-host.svg --title "The rooms of the host"

release: ## Put what is unreleased under VERSION, in CHANGELOG.md and pyproject.toml (CONTRIBUTING.md)
	@$(PYTHON) bin/release.py "$(VERSION)"

lock: | $(BIN)/python ## Pin anew what pyproject.toml asks for
	@$(BIN)/pip install --quiet uv
	@bin/lock

clean: ## Take away what was made here; records in instance/ stay
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
