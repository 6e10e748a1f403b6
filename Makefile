# Needs python3.11, make and git. Everything else goes into .venv, at the versions and hashes of requirements-*.txt.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Targets share one virtual environment and one terminal.
.NOTPARALLEL:

PYTHON ?= $(firstword $(shell command -v python3.11 || command -v python3) python3.11)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
VAR := var
ARGS ?=

# uv reads neither pip's settings nor the system's certificates unless it is told to.
export UV_SYSTEM_CERTS ?= true
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
export UV_PYTHON_DOWNLOADS := never
# A home on another file system than the checkout is common; copying is then right and not worth a warning.
export UV_LINK_MODE ?= copy
export PIP_DISABLE_PIP_VERSION_CHECK := 1

UV := $(BIN)/uv
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help setup run demo test test-long test-mails check format bench build lock upgrade clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## make .venv with everything the project needs (quick when up to date)
	@:

$(READY): pyproject.toml requirements-uv.txt requirements-dev.txt worker/__init__.py
	@rm -f $@
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed. Install it, or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); } || \
		{ rm -rf $(VENV); echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu install python3.11-venv, then repeat." >&2; exit 1; }
	@echo "Setting up $(VENV)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-uv.txt || true
	@if [ -x $(UV) ] && $(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-uv.txt requirements-dev.txt; then :; else \
		echo "pip does uv's work, more slowly"; \
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt; \
	fi
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VAR)/followthrough.toml: | $(READY)
	@$(BIN)/followthrough init --sample $(VAR)

run: $(READY) $(VAR)/followthrough.toml ## run the worker on var/, with a sample calendar the first time
	@exec $(BIN)/followthrough --config $(VAR)/followthrough.toml run --show $(ARGS)

demo: $(READY) ## play two weeks of one pair into followthrough-demo/
	@exec $(BIN)/followthrough demo $(ARGS)

test: $(READY) ## run the tests
	@$(BIN)/python -m pytest -n 2 -m "not long" $(ARGS)
	@echo "Left out: the sweeps that take minutes (make test-long), the mails in a browser (make test-mails)."
	@[ -x /usr/lib/dovecot/imap -a -x /usr/lib/dovecot/lmtp ] || \
		echo "Left out too: mailboxes by IMAP (tests/real/test_dovecot*.py). Dovecot is missing: apt-get install dovecot-imapd dovecot-lmtpd, then repeat."

test-long: $(READY) ## run the sweeps that take minutes: a kill at every point, real SIGKILLs
	@$(BIN)/python -m pytest -n 2 -m long $(ARGS)

fuzz: $(READY) ## read N mutated answers (5000), and endless runs: make fuzz N=100000 SEED=2
	@$(BIN)/python -m tests.replies.fuzz $(or $(N),5000) $(or $(SEED),1)

# npm ci takes what the lock names and checks its hashes; no package runs a script of its own.
tests/mails/node_modules: tests/mails/package.json tests/mails/package-lock.json
	@command -v npm >/dev/null || { echo "npm is needed: install Node 18 or newer (apt-get install npm), then repeat." >&2; exit 1; }
	@cd tests/mails && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

test-mails: $(READY) tests/mails/node_modules ## look at every mail in a browser; needs Chromium, Node and npm
	@$(BIN)/python -m pytest -n 2 tests/mails $(ARGS)

check: $(READY) ## formatting, lint, types, then the tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy $(wildcard worker tests benchmarks)
	@$(MAKE) --no-print-directory test

format: $(READY) ## format and sort imports
	@$(BIN)/ruff check --select I --fix .
	@$(BIN)/ruff format .

# Each file of benchmarks/ is a script that prints its figures and fails where a bar is missed.
BENCHMARKS = $(filter-out benchmarks/conftest.py,$(wildcard benchmarks/[a-z]*.py))

bench: $(READY) ## run every benchmark, or those named: make bench ONLY="replies loop"
	@for name in $(or $(ONLY),$(patsubst benchmarks/%.py,%,$(BENCHMARKS))); do \
		echo "== $$name"; $(BIN)/python -m "benchmarks.$$name" $(ARGS) || exit 1; \
	done

build: $(READY) ## build the sdist and the wheel into dist/
	@rm -rf dist
	@$(BIN)/python -m hatchling build

# pip's and uv's own settings decide which index is asked: no file here names one.
lock: $(READY) ## write the lock files after a change of pyproject.toml, keeping versions where possible
	@$(COMPILE) pyproject.toml --output-file requirements.txt $(ARGS)
	@$(COMPILE) --extra holidays --extra organisation --extra dev --constraints requirements.txt pyproject.toml --output-file requirements-dev.txt $(ARGS)
	@$(MAKE) --no-print-directory setup

upgrade: ## write the lock files with the newest versions
	@$(MAKE) --no-print-directory lock ARGS=--upgrade

clean: ## remove what the other targets made, except var/
	rm -rf $(VENV) build dist followthrough-demo tests/mails/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
