# make run and make test are the only two commands a newcomer needs.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
COMPILE := $(BIN)/pip-compile -q --strip-extras --generate-hashes --allow-unsafe --no-header --no-annotate \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
export PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run serve test test-long check bench schema lock clean

help:
	@echo 'make run        install, then web, worker and beat on http://localhost:$(PORT); a demo without credentials'
	@echo 'make test       the whole suite, on SQLite and, where they answer, on PostgreSQL with Redis'
	@echo 'make test-long  the proofs with large numbers'
	@echo 'make check      format, lint, types, import rules, deployment checks'
	@echo 'make bench      the numbers to hold'
	@echo 'make serve      production processes, configured by the environment'
	@echo 'make schema     write the description of the API into docs/openapi.yaml'
	@echo 'make lock       compile the requirements anew'
	@echo 'make clean      remove the virtual environment and caches; keeps var/'

# A stamp per set: it is as old as the last install of exactly these files.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'marquee: Python 3.11 or newer is needed (make PYTHON=/path/to/python3.11)' >&2; exit 2; }
	@echo 'Making the virtual environment …'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@echo 'Installing what the system runs on …'
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt | $(BIN)/python
	@echo 'Installing what the tests need …'
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime

run: $(VENV)/.runtime
	@exec $(BIN)/python manage.py run

serve: $(VENV)/.runtime
	@exec $(BIN)/python manage.py serve

test: $(VENV)/.development
	@$(BIN)/python -m tests -n 2 --dist loadgroup -q

test-long: $(VENV)/.development
	@TEST_LONG=1 $(BIN)/python -m tests -m long -q

check: $(VENV)/.development
	@$(BIN)/python -m tests.static

# libvips is built where it is installed: without it there is only no comparison of pictures.
bench: $(VENV)/.development
	@$(PIP) install --require-hashes -r requirements-bench.txt || echo 'libvips is not compared with' >&2
	@$(BIN)/python -m benchmarks

schema: $(VENV)/.runtime
	@ENV_FILE= $(BIN)/python manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn

lock: $(VENV)/.development
	$(COMPILE) -o requirements.txt requirements.in
	$(COMPILE) -o requirements-planner.txt requirements-planner.in
	$(COMPILE) -o requirements-dev.txt requirements-dev.in
	$(COMPILE) -o requirements-bench.txt requirements-bench.in

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
