# The commands of README. Everything happens in .venv and ./warehouse (or IOP_HOME); nothing else is touched.

PYTHON ?= python3
PORT ?= 8501
PYTEST_ARGS ?= -n 2 --dist loadfile
BENCH_ARGS ?=

bin := .venv/bin
installed := .venv/.installed
installed_for_tests := .venv/.installed-for-tests
pip_install := $(bin)/python -m pip install --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run test check format-check lint types walls docs docs-check bench screenshots clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(installed) ## install, load the sample clinic if there is no data yet, serve the dashboard
	@$(bin)/iop demo --keep
	@$(bin)/iop dashboard --port $(PORT)

test: $(installed_for_tests) ## set up everything that the tests need, Chromium included, and run them
	@$(bin)/python -m tests.browser.install_chromium
	$(bin)/python -m pytest $(PYTEST_ARGS)

check: format-check lint types walls docs-check test ## all that a change must pass

format-check: $(installed_for_tests) ## is the code formatted?
	$(bin)/ruff format --check .

lint: $(installed_for_tests) ## ruff's rules
	$(bin)/ruff check .

types: $(installed_for_tests) ## mypy
	$(bin)/mypy

walls: $(installed_for_tests) ## which package may import which
	$(bin)/lint-imports

docs: $(installed) ## write the generated documentation again
	$(bin)/python -m queries.documentation

docs-check: $(installed_for_tests) ## is the generated documentation current?
	$(bin)/python -m queries.documentation --check

bench: $(installed_for_tests) ## time loads and measures (BENCH_ARGS="--sessions 100000")
	$(bin)/python -m tests.bench $(BENCH_ARGS)

screenshots: $(installed_for_tests) ## write the README's screenshots from the running product
	@$(bin)/python -m tests.browser.install_chromium
	$(bin)/python -m pytest tests/browser/test_screenshots.py --write-screenshots

clean: ## remove .venv and what tools left; the warehouse stays
	rm -rf .venv build dist *.egg-info .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

$(installed): pyproject.toml constraints.txt | .venv/bin/python
	$(pip_install) -e .
	@touch $@

$(installed_for_tests): pyproject.toml constraints.txt | .venv/bin/python
	$(pip_install) -e '.[test]'
	@touch $(installed) $@
