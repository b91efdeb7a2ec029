# Two commands carry everything: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
PO := marketplace/translations/vi/LC_MESSAGES
SLICES := $(sort $(notdir $(patsubst %/,%,$(wildcard marketplace/*/))))
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev compile messages run test check bench browser

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/run.stamp: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the application needs (once, about a minute) …"
	@$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what the tests need …"
	@$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: $(VENV)/run.stamp compile ## Virtual environment, requirements, compiled translations and static files

setup-dev: $(VENV)/test.stamp compile

compile: $(VENV)/run.stamp ## Compile translations and compress static files, where they changed
	@$(BIN)/python -m marketplace.build

messages: $(VENV)/run.stamp ## Collect every string into the translation files
	@mkdir -p build $(PO)
	@for slice in $(filter-out __pycache__ translations kernel,$(SLICES)); do \
	  sources="marketplace/$$slice"; [ -d templates/$$slice ] && sources="$$sources templates/$$slice"; \
	  [ $$slice = web ] && sources="$$sources marketplace/kernel templates/layouts templates/components templates/errors marketplace/app.py"; \
	  $(BIN)/pybabel -q extract -F babel.cfg -k msgid -k _l --no-location --sort-output --omit-header -o build/$$slice.pot $$sources || exit 1; \
	  if [ ! -s build/$$slice.pot ]; then continue; fi; \
	  if [ -f $(PO)/$$slice.po ]; then \
	    $(BIN)/pybabel -q update -N --no-wrap --ignore-pot-creation-date --ignore-obsolete -l vi -D $$slice -i build/$$slice.pot -d marketplace/translations || exit 1; \
	  else $(BIN)/pybabel -q init --no-wrap -l vi -D $$slice -i build/$$slice.pot -d marketplace/translations || exit 1; fi; \
	done

run: setup ## Set everything up and serve http://127.0.0.1:8000 with demonstration data
	@BIN=$(BIN) PORT=$(PORT) sh .ci/serve

browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || echo "No Chromium: install Debian's package 'chromium' for the end-to-end tests; they are skipped now."

test: setup-dev browser ## Set everything up and run all tests
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: setup-dev ## Style, types, translations
	@$(BIN)/ruff check marketplace tests wsgi.py
	@$(BIN)/ruff format --check marketplace tests wsgi.py
	@$(BIN)/mypy
	@$(BIN)/python -m marketplace.build --check

bench: setup-dev ## Show speed as ratios measured in one run
	@$(BIN)/python -m tests.bench
