# Everything a developer does here. The first verb makes what it needs by itself.

PYTHON := .venv/bin/python
EXTENSIONS := $(patsubst %/shopify.extension.toml,%,$(wildcard app_extensions/*/shopify.extension.toml))
BUNDLES := $(foreach folder,$(EXTENSIONS),$(folder)/dist/$(notdir $(folder)).js)
EXTENSION_SOURCES := package-lock.json shopify.app.toml $(shell find app_extensions -type f \
	-not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/tests/*' \
	-not -name manifest.json -not -name shopify.d.ts 2>/dev/null)
BUILT := node_modules/.extensions-built
# What can't be collected is told at once; then every core is at work.
ALL_TESTS = { $(PYTHON) -m pytest --collect-only -qq >var/tests.txt || \
	{ tail -n 40 var/tests.txt; false; }; } && $(PYTHON) -m pytest -n auto

.PHONY: help demo test check fix bench e2e migration pictures docs install extensions lock again

help: ## list these verbs
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: install extensions ## the whole local world with orders flowing; ONCE=1 ends after the table
	@$(PYTHON) -m sandbox demo $(if $(ONCE),--once) $(ARGS)

test: install extensions ## every test; ARGS="-k words" to choose
	@$(PYTHON) -m sandbox browser
	@status=0; NODE_OPTIONS=--test-reporter=dot npm test --silent || status=1; \
	$(if $(ARGS),$(PYTHON) -m pytest $(ARGS),$(ALL_TESTS)) || status=1; exit $$status

e2e: install extensions ## the browser tests alone
	@$(PYTHON) -m sandbox browser
	@$(PYTHON) -m pytest tests/e2e $(ARGS)

check: install ## lint, formatting, types, import directions
	@status=0; for check in "ruff check" "ruff format --check" mypy lint-imports; do \
		.venv/bin/$$check || status=1; done; \
	npm run check --silent || status=1; exit $$status

fix: install ## mend what lint and formatting can mend
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

bench: install extensions ## the figures, each beside its yardstick
	@$(PYTHON) -m bench $(ARGS)

migration: install ## a new numbered migration: make migration m="create things"
	@$(PYTHON) -m sandbox migration "$(m)"

pictures: install extensions ## take the documentation's pictures anew; ARGS="home logs" for some
	@$(PYTHON) -m sandbox browser
	@$(PYTHON) -m sandbox pictures $(ARGS)

docs: install ## write the generated pages under docs/
	@$(PYTHON) -m docs.generate

install: .venv/installed node_modules/.installed ## .venv and node_modules, as pinned

extensions: $(BUILT) ## build the Shopify admin extensions

lock: install ## pin the requirements anew; ARGS=--upgrade for newer releases
	@sh requirements/lock.sh $(ARGS)

.venv/installed: requirements/base.txt requirements/dev.txt requirements/servers.txt
	@bash sandbox/install.sh python

node_modules/.installed: package-lock.json
	@bash sandbox/install.sh node

# Also when a bundle is missing although nothing changed.
ifneq ($(words $(EXTENSIONS)),$(words $(wildcard $(BUNDLES))))
$(BUILT): again
endif
$(BUILT): node_modules/.installed $(EXTENSION_SOURCES)
	@bash sandbox/install.sh extensions
