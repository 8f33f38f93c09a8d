# Everything here needs Python 3.11 or newer and make, and no more. Nothing needs calling before anything else.
#
#   make run     the service with demonstration data, on http://127.0.0.1:8000 (PORT=8123, DB=another.db)
#   make check   between two edits: lint, types, and the tests that need no browser, server or PostgreSQL
#   make test    lint, types and all tests
#   make bench   speeds, as ratios within one run
#   make soak    property tests for long, the service killed hundreds of times, every operation tried for half an hour
#   make lint    ruff and mypy alone
#   make setup   .venv with what the service needs, from the locked versions; the others add what they need
#   make lock    the locks anew from pyproject.toml; UPGRADE=1 moves to the newest versions
#   make docs    the reference pages anew
#   make readme  the README's pictures anew
#   make swagger-ui  the reference page's Swagger UI anew; needs npm
#   make clean   remove .venv and what tools left behind

PORT ?= 8000
DB ?=
PYTEST ?=
# As many processes as cores, a module in one of them: its server and databases are started once.
TOGETHER := -n auto --dist loadfile --no-loadscope-reorder

VENV := .venv
BIN := $(VENV)/bin
SERVICE := $(VENV)/.service
EVERYTHING := $(VENV)/.everything
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Byte code is kept, whatever the environment says: many tests start a Python, and each would compile all anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := run
.PHONY: setup run check test lint bench soak lock docs readme swagger-ui tools clean
.DELETE_ON_ERROR:

setup: $(SERVICE)

$(SERVICE): requirements.lock requirements-build.lock pyproject.toml .ci/venv
	@PYTHON="$(PYTHON)" bash .ci/venv $(VENV) requirements.lock requirements-build.lock
	@touch $@

# What tests and tools need as well; the service's libraries are among it, in the same versions.
$(EVERYTHING): requirements-dev.lock pyproject.toml .ci/venv
	@PYTHON="$(PYTHON)" bash .ci/venv $(VENV) requirements-dev.lock
	@touch $(SERVICE) $@

run: setup
	@exec $(BIN)/python -m bodymap serve --demo --port $(PORT) $(if $(DB),--db "$(DB)")

check: lint
	$(BIN)/python -m pytest $(TOGETHER) -m "not outside and not shared" $(PYTEST)

test: tools lint
	$(BIN)/python -m pytest $(TOGETHER) $(PYTEST)

lint: $(EVERYTHING)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

bench: $(EVERYTHING)
	@for bench in tests/bench/bench_*.py; do $(BIN)/python $$bench || exit 1; done

soak: $(EVERYTHING)
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=soak $(PYTEST)
	$(BIN)/python -m pytest tests/test_kills.py --kills 300 $(PYTEST)
	$(BIN)/python -m pytest tests/contract --contract-seconds 900 $(PYTEST)

# Programs that tests drive and PyPI does not have. Where they cannot be installed, their tests are skipped.
tools:
	@bash .ci/tools chromium curl default-jdk-headless faketime firefox-esr npm strace postgresql pgbouncer \
		hunspell hunspell-en-gb hunspell-de-de hunspell-es hunspell-fr

# Resolved for every Python and platform at once; the service's lock is the dev lock without tests and tools.
LOCK := $(BIN)/python -m uv --quiet pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-package bodymap $(if $(UPGRADE),--upgrade)
lock: $(EVERYTHING)
	$(LOCK) --all-extras --group dev --output-file requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock
	$(LOCK:pyproject.toml=--group build) --constraint requirements-dev.lock --output-file requirements-build.lock

readme: $(EVERYTHING)
	$(BIN)/python -m bodymap render bodymap/demo/visit-2.json --layer superficial --detail shaded \
		--output assets/svg/readme-chart.svg
	$(BIN)/python -m bodymap render bodymap/demo/visit-1.json --theme print --no-legend --width 640 \
		--output assets/svg/readme-print.svg
	$(BIN)/python -m bodymap render bodymap/demo/visit-1.json --theme patient --width 480 \
		--output assets/svg/readme-patient.svg
	$(BIN)/python -m bodymap render bodymap/demo/visit-3.json --theme dark --detail shaded --focus lower-back --no-legend \
		--output assets/svg/readme-focus.svg
	$(BIN)/python -m bodymap compare bodymap/demo/visit-1.json bodymap/demo/visit-2.json --layer superficial \
		--detail shaded --focus auto --output assets/svg/readme-compare.svg
	$(BIN)/python -m bodymap timeline bodymap/demo/visit-1.json bodymap/demo/visit-2.json bodymap/demo/visit-3.json \
		--output assets/svg/readme-timeline.svg
	$(BIN)/python -m bodymap heatmap bodymap/demo/visit-1.json bodymap/demo/visit-2.json bodymap/demo/visit-3.json \
		--output assets/svg/readme-heatmap.svg
	$(BIN)/python .ci/screenshot

docs: $(EVERYTHING)
	$(BIN)/python .ci/reference

# The two files that the page loads, as published, with their licences.
SWAGGER_UI := 5.35.0
SWAGGER_UI_FILES := swagger-ui-bundle.js swagger-ui-bundle.js.LICENSE.txt swagger-ui.css LICENSE NOTICE
swagger-ui:
	@folder=$$(mktemp -d) && cd "$$folder" && npm pack --silent swagger-ui-dist@$(SWAGGER_UI) >/dev/null && tar -xzf *.tgz \
		&& cp $(SWAGGER_UI_FILES:%=package/%) "$(CURDIR)/bodymap/api/swagger_ui/" && rm -rf "$$folder"

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
