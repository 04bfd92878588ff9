.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
SERVE_ARGS ?=
LINT := $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

.PHONY: help serve check test bench pictures format lock clean

help: ## print what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.venv/ready: requirements.lock pyproject.toml package-lock.json scripts/browser_libraries.py
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

serve: .venv/ready ## build the model and serve it on http://127.0.0.1:8000
	$(BIN)/childdev serve $(SERVE_ARGS)

check: .venv/ready ## lint, types, import contracts, fast tests
	$(LINT)
	$(BIN)/pytest -q -m "not slow and not browser"

test: .venv/ready ## everything that a test needs, then all tests
	bash scripts/browser.sh
	bash scripts/postgresql.sh
	$(LINT)
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: .venv/ready ## measure against named peers
	$(BIN)/python -m benchmarks

pictures: .venv/ready ## take the pictures of the README
	bash scripts/browser.sh
	$(BIN)/python scripts/pictures.py

format: .venv/ready ## put code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## pin the newest versions that pyproject.toml allows
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade --group dev pyproject.toml -o requirements.lock
	npm install --package-lock-only

clean: ## remove what was made
	rm -rf .venv var dist build src/childdev/web/static/vendor
