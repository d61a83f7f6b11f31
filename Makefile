# README's two commands: `make run` and `make test`. Each does all its own set-up on a bare Debian or Ubuntu.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= recordings
PORT ?= 8080

.PHONY: run test check unit e2e format clean

run: $(VENV)/.installed
	$(BIN)/cloudcourt demo --data-dir $(DATA_DIR) --port $(PORT)
	exec $(BIN)/cloudcourt serve --data-dir $(DATA_DIR) --port $(PORT)

# Everything, on two cores. Browser tests and others that depend on time run alone, after all the others.
test: $(VENV)/.installed-dev tests/js/node_modules/.package-lock.json
	sh .ci/packages chromium firefox-esr fonts-noto-cjk postgresql coturn iproute2 iptables openssl
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

# Format, lint, types, import contracts, unit tests on two cores: under a minute. Types of the pages: tests/meta.
check: $(VENV)/.installed-dev tests/js/node_modules/.package-lock.json
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "unit or meta"

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) tests/js/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	sh .ci/packages python3-venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip==26.3"

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[postgres]"
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev
	touch $@

tests/js/node_modules/.package-lock.json: $(VENV)/.installed-dev tests/js/package-lock.json
	cd tests/js && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund
	touch $@
