# `make run` runs the default config, `make test` the tests. Both set up .venv first if necessary.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# Waiting threads must not spin, because they would take the cores from other threads.
export OMP_WAIT_POLICY := PASSIVE

.PHONY: run test fast check docs gate baseline setup clean

run: setup
	$(BIN)/harness run configs/base.yaml

# One worker per core, with one thread each; an idle worker takes tests from another. Bytecode is always stored: the
# tests start harness a hundred times, and compiling took half of that time.
test fast: export OMP_NUM_THREADS := 1
test fast: export PYTHONDONTWRITEBYTECODE :=
PYTEST := $(BIN)/pytest -n auto --dist worksteal

test: setup
	$(PYTEST)

# Only tests that load no language model and start no browser: about a minute on two cores.
fast: setup
	$(PYTEST) -m "not slow"

# Format, lint, types, spelling and plain English, as CI checks them.
check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pre-commit run --all-files

# Build the documentation site in site/; a broken link is an error. The variables silence notices about MkDocs 2.
docs: export NO_MKDOCS_2_WARNING := 1
docs: export DISABLE_MKDOCS_2_WARNING := true
docs: setup
	$(BIN)/mkdocs build --strict

# Run the systems that need no language model, and gate them against results/baseline; today's code scores both.
CHEAP    := lead textrank oracle human
BASELINE := results/baseline

gate: setup
	$(BIN)/harness run configs/base.yaml --set models.smollm2=null --no-cache --quiet -o results/gate
	rm -rf results/gate-baseline
	cp -R $(BASELINE) results/gate-baseline
	$(BIN)/harness score results/gate-baseline --config configs/base.yaml --quiet
	$(BIN)/harness gate results/gate --against results/gate-baseline --rules configs/gate.yaml $(CHEAP:%=--only %)

# Score results/baseline again with today's code, facts and labels.
baseline: setup
	$(BIN)/harness score $(BASELINE) --config configs/base.yaml
	rm -rf $(BASELINE)/superseded

setup: $(VENV)/.ready configs/config.schema.json

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "harness needs Python 3.11 or newer; name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	$(BIN)/harness models pull smollm2-135m-instruct all-minilm-l6-v2 all-mpnet-base-v2 en-core-web-sm
	@touch $@

# JSON Schemas of configs, facts and gate rules, for editors. They are generated and not committed.
configs/config.schema.json: $(VENV)/.ready $(shell find harness -name '*.py')
	@$(BIN)/harness schema

clean:
	rm -rf configs/*.schema.json references/*.schema.json site $(VENV) .mypy_cache .ruff_cache .pytest_cache
