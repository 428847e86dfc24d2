# Two commands are all the set-up: `make run` and `make test`. `make help` lists the others.

PORT ?= 8000
PY := .venv/bin/python
# Make's own variables reach the programs through the environment, also when given as `make run PORT=9000`.
export PORT DATABASE_URL ALLOW_SKIP
ifeq ($(strip $(DATABASE_URL)),)
unexport DATABASE_URL
endif
# What is started from here runs on a person's own machine; deployments start gunicorn themselves.
export LOCAL := 1
# What is compiled once is kept, also where the environment says otherwise: the tests start hundreds of programs.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
# Lint reads the settings and no secret, and must leave var/ alone.
LINT_ENVIRONMENT := DATABASE_URL=sqlite://:memory: SECRET_KEY=lint API_KEY_PEPPER=lint
# Tests that touch no data give the same answer on both engines and run once.
ENGINELESS := tests/rules tests/api/test_server.py tests/api/test_spreadsheets.py tests/api/test_webhooks_page.py tests/contract tests/publication/test_oracle.py tests/webhooks/test_posting.py tests/test_database_url.py tests/test_house.py tests/test_logs.py tests/test_release.py tests/test_repository.py tests/test_engines.py tests/test_translations.py tests/test_bench.py tests/test_memory.py
# Tests with a server and a browser of their own; of `make run`, which counts seconds.
ALONE := tests/test_run.py tests/browser
# Each process begins with its half of the tests in their order, so that what a module shares is made once, and not
# once in each process; whoever is done takes over a part of the rest.
IN_PARALLEL := -n 2 --dist worksteal
SCRATCH := .venv/lock

# BENCH='--clusters 1000 100000' measures a million decisions; CONTRACT_EXAMPLES=100 asks for a night.
.PHONY: help run test test-sqlite test-postgresql test-browser test-run contract bench bench-ledger lint format translations lock clean
# They share two cores, and some count seconds.
.NOTPARALLEL:
.DEFAULT_GOAL := help

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo 'PORT (8000) and DATABASE_URL (SQLite in var/) are read by run; ALLOW_SKIP=1 lets test go on'
	@echo 'without PostgreSQL or Chromium.'

run: .venv/run.stamp ## Set up what is missing, then serve the registry on http://localhost:8000/
	@$(PY) manage.py prepare --port $(PORT)
	@exec $(PY) -m gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --threads 8 --log-level warning

test: test-sqlite test-postgresql test-browser test-run ## Run every test: on SQLite, on PostgreSQL, in the browser

test-sqlite: .venv/test.stamp ## ... the first third
	env -u DATABASE_URL $(PY) -m pytest $(IN_PARALLEL) $(ALONE:%=--ignore %)

test-postgresql: .venv/test.stamp ## ... the second
	$(PY) -m tests.engines postgresql -- $(PY) -m pytest $(IN_PARALLEL) $(ALONE:%=--ignore %) $(ENGINELESS:%=--ignore %)

test-browser: .venv/test.stamp ## ... the third
	env -u DATABASE_URL $(PY) -m pytest $(IN_PARALLEL) tests/browser

test-run: .venv/test.stamp ## ... and make run itself, with nothing beside it
	env -u DATABASE_URL $(PY) -m pytest tests/test_run.py

CONTRACT_EXAMPLES ?= 10
contract: .venv/test.stamp ## What docs/openapi.json promises, asked in every way for every reader (half an hour)
	env -u DATABASE_URL CONTRACT_EXAMPLES=$(CONTRACT_EXAMPLES) $(PY) -m pytest -n 0 --verbose tests/contract tests/api/test_leak_matrix.py

lint: .venv/test.stamp ## Style, types, missing migrations, missing translations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(LINT_ENVIRONMENT) $(PY) -m mypy
	$(LINT_ENVIRONMENT) $(PY) manage.py makemigrations --check --dry-run
	$(PY) -m pytest --quiet tests/test_translations.py

bench: .venv/test.stamp ## What the API costs beside others, on both engines: writes docs/performance.md (an hour)
	$(PY) -m benchmarks.api $(BENCH)

LEDGER ?= 1000000
ON_A_LEDGER := $(PY) -m benchmarks.ledger_entries $(LEDGER) && $(PY) -m benchmarks.ledger_log && $(PY) -m benchmarks.verify
bench-ledger: .venv/test.stamp ## What a ledger of a million entries costs to read and to prove, on both engines (an hour)
	rm -rf var/bench/ledger && mkdir -p var/bench/ledger
	export DATABASE_URL=sqlite:///$(CURDIR)/var/bench/ledger/ledger.sqlite3 && $(ON_A_LEDGER)
	$(PY) -m tests.engines postgresql -- sh -c '$(ON_A_LEDGER)'

format: .venv/test.stamp ## Rewrite the code the way `make lint` wants it
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

translations: .venv/test.stamp ## Compile what registry/locale/ says in Vietnamese
	.venv/bin/pybabel compile --directory registry/locale --domain 'django djangojs'

lock: .venv/run.stamp ## Compile requirements.in and tests/requirements.in to exact versions with hashes
	$(PY) -m venv $(SCRATCH)
	$(SCRATCH)/bin/python -m pip install --quiet --disable-pip-version-check pip-tools
	for list in requirements tests/requirements; do \
	  CUSTOM_COMPILE_COMMAND='make lock' $(SCRATCH)/bin/pip-compile --quiet --generate-hashes --strip-extras \
	    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o $$list.txt $$list.in || exit 1; \
	done

clean: ## Remove the environment and caches; the data in var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results

# (A stamp in an environment that no longer starts says nothing: the environment is made again.)
STARTS := $(shell $(PY) $(if $(wildcard .venv/run.stamp),-V,-m pip -V) 2>/dev/null)
.venv/run.stamp: requirements.txt $(if $(STARTS),,environment)
	@echo 'Installing what the registry needs (once)...'
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/test.stamp: .venv/run.stamp tests/requirements.txt
	@echo 'Installing what the tests need (once)...'
	@$(PIP_INSTALL) -r requirements.txt -r tests/requirements.txt
	@touch $@

.PHONY: environment
environment:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "Making .venv with $$($$python --version)..."; \
	    rm -rf .venv; \
	    if $$python -m venv .venv; then exit 0; fi; \
	    rm -rf .venv; \
	    echo >&2 "$$python cannot make a virtual environment. Debian, Ubuntu: apt-get install python3-venv"; \
	    exit 1; \
	  fi; \
	done; \
	echo >&2 'Python 3.11 or later was not found. Install it, or name it: make run PYTHON=/path/to/python3'; \
	exit 1
