# The commands a newcomer needs. `make run` serves; `make test` tests; `make help` lists all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 5000
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test lint pin dist browser translations benchmarks

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Commonweave needs Python 3.11 or newer; name one with: make run PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

# The shell waits in a way that every signal interrupts, and then ends both.
run: $(VENV)/.installed dist ## install, migrate, load the sample world at the first start, and serve
	@$(BIN)/flask sample ensure --migrate
	@$(BIN)/flask jobs work & worker=$$!; \
	  $(BIN)/gunicorn --bind 127.0.0.1:$(PORT) --worker-class gthread --workers 1 --threads 8 \
	    --no-control-socket --log-level warning wsgi:app & server=$$!; \
	  trap 'kill $$worker $$server 2>/dev/null; wait' EXIT; trap 'exit 130' INT; trap 'exit 143' TERM HUP; \
	  wait $$server

test: $(VENV)/.installed-dev browser dist ## all tests: unit, integration on SQLite and PostgreSQL, browser
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal # two cores for two: threads would only wait

lint: $(VENV)/.installed-dev ## style, types, import contracts, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/flask translations check

benchmarks: $(VENV)/.installed-dev dist ## measure everything, in about 45 minutes, and write docs/benchmarks.md
	$(BIN)/python -m benchmarks.all

translations: $(VENV)/.installed-dev ## take new texts into the catalogues
	$(BIN)/flask translations update

# Scripts that make pages livelier; everything works without them, so their absence is only said.
dist: ## build app/static/dist with npm, if there is an npm
	@if [ -f app/static/dist/htmx.min.js ]; then :; \
	elif command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund && npm run --silent build \
	  || echo "the optional scripts could not be built; the site works without them" >&2; \
	else echo "npm is not here; the site works without the optional scripts" >&2; fi

browser: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.support.chromium

pin: $(BIN)/python ## pin the newest releases that requirements.in and requirements-dev.in allow
	$(BIN)/python -m pip install --quiet uv
	for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --custom-compile-command "make pin" --upgrade $$name.in -o $$name.txt; done
