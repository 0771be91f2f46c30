# Two commands do all the set-up on a fresh machine: `make demo` and `make test`. See README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORTALS := ../shared/portals
ACT ?= ../shared/act

.PHONY: help demo test check accuracy act docs lock clean environment chromium

help:
	@echo "make demo      audit the bundled demonstration portals and show their scorecard"
	@echo "make test      everything that CI runs"
	@echo "make accuracy  measure veedor against portals that people have judged, and write docs/accuracy.md"
	@echo "make act       measure the accessibility rules on the W3C's ACT test cases in ACT=FOLDER, and write docs/act.md"
	@echo "make docs      write the generated pages of docs/ anew"
	@echo "make lock      pin the dependencies anew in requirements.lock"
	@echo "make clean     remove the environment and everything that was generated"

environment: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "veedor needs Python 3.11 or newer; install one and name it: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

chromium: environment
	@$(BIN)/python -m commands.browser

demo: environment chromium
	@$(BIN)/python -m tests.demo

# What compares times wants the machine to itself.
TIMED := tests/test_bench.py

test: environment chromium check
	$(BIN)/python -m pytest -n auto --dist loadfile --ignore=$(TIMED)
	$(BIN)/python -m pytest $(TIMED)

check: environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m cogapp --check $$(grep -l '\[\[\[cog' README.md docs/*.md)
	$(BIN)/veedor rules check

accuracy: environment
	@if [ -d $(PORTALS) ]; then $(BIN)/veedor accuracy $(PORTALS) --save docs/accuracy.json && \
	$(BIN)/python -m cogapp -r docs/accuracy.md; \
	else echo "Skipped: $(PORTALS) with the judged portals is not here."; fi

act: environment chromium
	@if [ -d $(ACT) ]; then $(BIN)/veedor act $(ACT) --save docs/act.json && \
	$(BIN)/python -m cogapp -r docs/act.md; \
	else echo "Skipped: $(ACT) with the ACT test cases is not here; name their folder: make act ACT=FOLDER"; fi

docs: environment
	$(BIN)/python -m cogapp -r $$(grep -l '\[\[\[cog' README.md docs/*.md)

lock: environment
	$(BIN)/python -m pip install -qq uv
	echo 'setuptools>=77' | $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links \
	  --extra dev pyproject.toml - -o requirements.lock

clean:
	rm -rf $(VENV) veedor.egg-info build dist demo-data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
