# Everything here needs Python 3.11 or newer and make, and no more. Nothing needs calling before anything else.
#
#   make run     the service with demonstration data, on http://127.0.0.1:8000 (PORT=8123, DB=another.db)
#   make test    lint, types and tests
#   make bench   speeds, as ratios within one run
#   make soak    property tests for long, the service killed hundreds of times, every operation tried for half an hour
#   make lint    ruff and mypy alone
#   make setup   .venv alone, from the locked versions
#   make lock    the locks anew from pyproject.toml; UPGRADE=1 moves to the newest versions
#   make docs    the reference pages anew
#   make readme  the README's pictures anew
#   make clean   remove .venv and what tools left behind

PORT ?= 8000
DB ?=
PYTEST ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Byte code is kept, whatever the environment says: many tests start a Python, and each would compile all anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := run
.PHONY: setup run test lint bench soak lock docs readme tools clean
.DELETE_ON_ERROR:

setup: $(STAMP)

$(STAMP): requirements-dev.lock pyproject.toml .ci/venv
	@PYTHON="$(PYTHON)" bash .ci/venv $(VENV)
	@touch $@

run: setup
	@exec $(BIN)/python -m bodymap serve --demo --port $(PORT) $(if $(DB),--db "$(DB)")

test: setup tools lint
	$(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST)

lint: setup
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

bench: setup
	@for bench in tests/bench/bench_*.py; do $(BIN)/python $$bench || exit 1; done

soak: setup
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=soak $(PYTEST)
	$(BIN)/python -m pytest tests/test_kills.py --kills 300 $(PYTEST)
	$(BIN)/python -m pytest tests/contract --contract-seconds 900 $(PYTEST)

# Programs that tests drive and PyPI does not have. Where they cannot be installed, their tests are skipped.
tools:
	@bash .ci/tools chromium curl faketime strace postgresql pgbouncer \
		hunspell hunspell-en-gb hunspell-de-de hunspell-es hunspell-fr

# Resolved for every Python and platform at once; the service's lock is the dev lock without tests and tools.
LOCK := $(BIN)/python -m uv --quiet pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-package bodymap $(if $(UPGRADE),--upgrade)
lock: setup
	$(LOCK) --all-extras --group dev --output-file requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock

readme: setup
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

docs: setup
	$(BIN)/python .ci/reference

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
