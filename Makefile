# make demo: environment, then the whole method on the embedded data set.
# make test: environment, then the tests, by two processes; more with WORKERS=8.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
# A file stays with one process: what its tests share is made once, and ports are its own.
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --durations=20
export PIP_REQUIRE_VIRTUALENV := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test fast-test lint clean

demo: $(VENV)/ready
	$(BIN)/python tools/reproduce.py configs/boostgan_faces.py

test: $(VENV)/ready
	$(PYTEST)

fast-test: $(VENV)/ready
	$(PYTEST) -m "not slow"

lint: $(VENV)/ready
	$(BIN)/ruff check .

$(VENV)/ready: requirements/lock.txt setup.py
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Python 3.11 is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --no-deps -r requirements/lock.txt
	$(BIN)/python -m pip install --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(VENV) work_dirs
