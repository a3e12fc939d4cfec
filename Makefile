# make graph   set everything up and rebuild the graph from the five seed articles
# make test    set everything up and run every check
# make docs    build the documentation as a site, in site/
# make models DATA=DIR   train the language models again (hours); see kg/models/embedded/README.md
# make constraints       choose the versions of constraints.txt anew
# make audit   ask whether a version in constraints.txt has known weaknesses (needs the network)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --constraint constraints.txt
TORCH := torch==2.13.0

.PHONY: graph test docs models constraints audit clean

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
	$(BIN)/pip check
	$(BIN)/pytest

docs: $(VENV)/ready-to-test
	$(BIN)/mkdocs build --strict

models: $(VENV)/ready
	$(BIN)/python scripts/train_models.py $(DATA) --work work/models --export kg/models/embedded

constraints: $(VENV)/bin/python
	$(BIN)/pip install --quiet uv
	echo "$(TORCH)" | $(BIN)/uv pip compile pyproject.toml - --all-extras --universal --python-version 3.11 --upgrade \
		--quiet --no-annotate --custom-compile-command "make constraints" --output-file constraints.txt

audit: $(VENV)/bin/python
	@echo "Asks the databases of PyPI and OSV for known weaknesses of what constraints.txt names: this needs the network."
	$(BIN)/pip install --quiet pip-audit
	$(BIN)/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --upgrade pip
	$(PIP) --editable ".[serve]"
	touch $@

$(VENV)/ready-to-test: $(VENV)/ready
	$(PIP) --editable ".[test]"
	touch $@

clean:
	rm -rf $(VENV) graph site build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
