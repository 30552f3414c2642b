# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: bench-sweep data-map tampering demo test check bench browser screenshots ecosystems races vectors fuzz bench-tokens cover-rules mutants bench-rules format lock clean help

help:
	@echo "make demo          walk the whole road once, on real parts (KEEP=1 leaves it running)"
	@echo "make test          everything that must pass: lint, types, tests"
	@echo "make cover-rules   branch coverage of the rules; 100 % or it fails"
	@echo "make mutants       mutation score of the rules, in ten minutes; 90 % or it fails"
	@echo "make bench-rules   how fast decide() and the loading of the law are"
	@echo "make ecosystems    check live tokens with other libraries: PyJWT, joserfc, Authlib, and Node's jose"
	@echo "make browser       every walk through the guardian's pages in a real Chromium, on both databases, with axe-core"
	@echo "make screenshots   the guardian's pages as pictures, into docs/screenshots"
	@echo "make races         2,000 races of each pair on each database (answers, expiries, withdrawals, tokens), 50 rotations"
	@echo "make purge-storm   1,000 purges under fire on each database, and 1,000 forged confirmations"
	@echo "make vectors VECTORS=FOLDER   run the Wycheproof vectors of a folder against the strict verify"
	@echo "make data-map      write docs/data-map.md anew from the register of columns"
	@echo "make tampering     1,000 tamperings with an audit log, all of which must be found"
	@echo "make bench         signup and token refresh beside three peers on both engines; writes docs/benchmarks.md"
	@echo "make bench-sweep   a million accounts read and judged, and 50,000 applied on PostgreSQL"
	@echo "make fuzz          a million changed and invented tokens against the strict verify"
	@echo "make bench-tokens  how fast tokens are signed and verified, how large status lists are"
	@echo "make outages       a mail server that is gone for half an hour, with 1,000 mails on each database"
	@echo "make telling       whether the time of an answer tells a known guardian's address from a new one"
	@echo "make languages     bring every catalogue up to what the sources say, and list what waits for a translation"
	@echo "make format        let ruff tidy the code"
	@echo "make lock          pin the dependencies again after pyproject.toml changed"

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "agegate needs Python 3.11 or later; '$(PYTHON)' is older. Try: make demo PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "Python cannot make a virtual environment here. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing the pinned dependencies into $(VENV) …"
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	@echo "Installing the pinned test tools into $(VENV) …"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/run.stamp
	@$(BIN)/python -m agegate demo $(if $(KEEP),--keep)

test: check node-jose node-oidc browser-parts
	$(BIN)/python -m pytest -n 2

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The rules and the law need no house, so their tests run without the fixtures of one.
RULES_TESTS := --noconftest tests/rules tests/law

cover-rules: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(RULES_TESTS) --deselect=tests/rules/test_speed.py -n 2 --cov=agegate.rules --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

mutants: $(VENV)/dev.stamp
	rm -rf mutants
	nice $(BIN)/mutmut run --max-children 2
	@$(BIN)/mutmut export-cicd-stats >/dev/null
	@$(BIN)/python -c 'import json; found = json.load(open("mutants/mutmut-cicd-stats.json")); \
	  share = found["killed"] / found["total"]; \
	  print("%d of %d mutants killed, %.1f %%" % (found["killed"], found["total"], 100 * share)); \
	  raise SystemExit(share < 0.9)'

bench-rules: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --noconftest tests/rules/test_speed.py --benchmark-columns=min,median,max,rounds

NODE_TESTS := tests/ecosystems
.PHONY: node-jose
node-jose:
	@test -d $(NODE_TESTS)/node_modules/jose || \
	  { command -v npm >/dev/null && npm --prefix $(NODE_TESTS) ci --silent; } || \
	  echo "Node's package jose is not here (npm is missing or has no network): its part of $(NODE_TESTS) is left out."

OIDC_TESTS := tests/oidc
.PHONY: node-oidc
node-oidc:
	@test -d $(OIDC_TESTS)/node_modules/oidc-provider || \
	  { command -v npm >/dev/null && npm --prefix $(OIDC_TESTS) ci --silent; } || \
	  echo "Node's package oidc-provider is not here (npm is missing or has no network): the real provider of $(OIDC_TESTS) is left out."

ecosystems: $(VENV)/dev.stamp node-jose
	$(BIN)/python -m pytest $(NODE_TESTS)

BROWSER_TESTS := tests/browser
.PHONY: browser-parts
browser-parts: $(VENV)/dev.stamp
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
	    command -v $$name >/dev/null && exit 0; done; \
	  $(BIN)/python -m playwright install chromium >/dev/null 2>&1 || \
	  echo "There is no Chromium here and none could be downloaded: $(BROWSER_TESTS) is left out. On Debian: apt-get install chromium"
	@test -d $(BROWSER_TESTS)/node_modules/axe-core || \
	  { command -v npm >/dev/null && npm --prefix $(BROWSER_TESTS) ci --silent; } || \
	  echo "Node's package axe-core is not here (npm is missing or has no network): the accessibility part of $(BROWSER_TESTS) is left out."

browser: browser-parts
	EVERY_WALK=1 $(BIN)/python -m pytest -n 2 $(BROWSER_TESTS)

screenshots: browser-parts
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

data-map: $(VENV)/dev.stamp
	$(BIN)/python -m tests.privacy.data_map > docs/data-map.md

tampering: $(VENV)/dev.stamp
	nice $(BIN)/python -m tests.audit.tampering 1000

races: $(VENV)/dev.stamp
	nice $(BIN)/python -m tests.tokens.races 2000
	nice $(BIN)/python -m tests.consents.races 2000
	nice $(BIN)/python -m tests.tokens.rotations 50

.PHONY: purge-storm
purge-storm: $(VENV)/dev.stamp
	nice $(BIN)/python -m tests.crash.purge_storm 1000
	nice $(BIN)/python -m tests.web.forged_confirmations 1000

vectors: $(VENV)/dev.stamp
	$(BIN)/python -m tests.vectors.wycheproof "$(VECTORS)"

$(VENV)/bench.stamp: $(VENV)/dev.stamp requirements/bench.txt
	@$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

bench: $(VENV)/bench.stamp
	$(BIN)/python -m bench.run --out docs/benchmarks.md
	$(BIN)/python -m bench.scale.run --into docs/benchmarks.md
	$(BIN)/python -m bench.tokens

bench-sweep: $(VENV)/dev.stamp
	$(BIN)/python -m bench.sweep

fuzz: $(VENV)/dev.stamp
	nice $(BIN)/python -m tests.signing.fuzz 1000000

bench-tokens: $(VENV)/run.stamp
	$(BIN)/python -m bench.tokens

.PHONY: outages
outages: $(VENV)/dev.stamp
	MAILS=1000 nice $(BIN)/python -m pytest tests/worker/test_outage.py

.PHONY: telling
telling: $(VENV)/dev.stamp
	nice $(BIN)/python -m tests.consents.telling 400

.PHONY: languages
languages: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.languages.extraction

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@for group in run dev bench; do \
	  $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    pyproject.toml --group $$([ $$group = run ] && echo build || echo $$group) --output-file requirements/$$group.txt --quiet --upgrade || exit 1; done
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    pyproject.toml --extra traces --group build --constraints requirements/run.txt --output-file requirements/traces.txt --quiet --upgrade

clean:
	rm -rf $(VENV) mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
