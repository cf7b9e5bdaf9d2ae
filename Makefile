# 公开 Gongkai. `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test lint rules bench faults clean

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(STAMP)  ## the virtual environment .venv with the command gongkai

$(STAMP): pyproject.toml requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本（用 make PYTHON=python3.12 指定）"; exit 1; }
	@echo "正在准备 $(VENV)（首次约一分钟）……"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

run: setup  ## everything on this machine at http://127.0.0.1:8080, with demo data the first time
	@exec $(BIN)/gongkai run

test: lint  ## lint, then every test but the long fault runs, on two cores
	@$(BIN)/python -m pytest -n 2 --dist loadscope

lint: setup  ## ruff, mypy --strict, which package may import which
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary shared services demo tools bench
	@$(BIN)/lint-imports --no-logo 2>&1 | grep -vE '^$$' | tail -n 20; exit $${PIPESTATUS[0]}

rules: setup  ## each rule with the commands, events and tests that carry it
	@$(BIN)/gongkai rules

bench: setup  ## measure against peers in one run; writes bench/latest.json and docs/performance.md
	@$(BIN)/python -m bench

faults: setup  ## kill, wipe and cut, twenty times
	@GONGKAI_FAULT_ROUNDS=20 $(BIN)/python -m pytest -o timeout=1200 -o faulthandler_timeout=1500 tests/faults

clean:  ## removes what was built; data in var/ stays
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
