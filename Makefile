# make graph   set everything up and rebuild the graph from the five seed articles
# make test    set everything up and run every check
# make models DATA=DIR   train the language models again (hours); see kg/models/embedded/README.md

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH := torch==2.13.0

.PHONY: graph test models clean

graph: $(VENV)/ready
	$(BIN)/kg rebuild seeds/articles
	@echo "Open graph/page.html in a browser. To ask the graph: $(BIN)/kg query   (more: $(BIN)/kg --help)"

test: $(VENV)/ready-to-test
	scripts/install_chromium.sh
	scripts/install_rapper.sh
	scripts/install_virtuoso.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

models: $(VENV)/ready
	$(BIN)/python scripts/train_models.py $(DATA) --work work/models --export kg/models/embedded

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet "$(TORCH)"
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/ready-to-test: $(VENV)/ready
	$(BIN)/pip install --quiet --editable ".[test]"
	touch $@

clean:
	rm -rf $(VENV) graph build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
