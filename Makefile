# The only list of tasks. `make run` and `make test` need Python 3.11 and nothing else.
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(p) 2>/dev/null)))
BIN := .venv/bin
.PHONY: run test test-full soak bench bench-full check lock schema readme graphiql venv venv-dev

run: venv ## start the whole shop on 127.0.0.1:8000
	@exec $(BIN)/shop run

test: venv-dev ## all tests, in minutes
	@$(BIN)/python -m pytest

test-full: venv-dev ## the same with bigger counts
	@SHOP_TEST_SIZE=full $(BIN)/python -m pytest

soak: venv-dev ## the races alone, a hundred times each
	@SHOP_TEST_SIZE=soak $(BIN)/python -m pytest -m race

bench: venv ## what requests cost, beside hand-written routes that do the same work
	@$(BIN)/shop bench

bench-full: venv ## the same with more products and longer windows
	@$(BIN)/shop bench --full

check: venv-dev ## format, lint, types, architecture, house rules, migrations, schema
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/test_tidy.py tests/test_readme.py tests/database/test_migrations.py
	@$(BIN)/shop check-schema

schema: venv-dev ## print the schema into schema.graphql
	@$(BIN)/shop export-schema --output schema.graphql

graphiql: ## build GraphiQL's files anew; the only task that needs Node
	@cd src/shop_graphql/dev/graphiql/source && npm ci --ignore-scripts --no-audit --no-fund && npm run build

readme: venv-dev ## copy the settings and what they mean into README.md
	@$(BIN)/shop config-table --into README.md

lock: venv-dev ## renew the hashed locks, without addresses
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
		--extra local --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
		--extra local --group build --group dev pyproject.toml -o requirements-dev.lock

venv:
	@test -n "$(PYTHON)" || { echo "shop: no Python found; install Python 3.11 or newer"; exit 1; }
	@$(PYTHON) src/shop_graphql/dev/bootstrap.py requirements.lock

venv-dev:
	@test -n "$(PYTHON)" || { echo "shop: no Python found; install Python 3.11 or newer"; exit 1; }
	@$(PYTHON) src/shop_graphql/dev/bootstrap.py requirements-dev.lock
