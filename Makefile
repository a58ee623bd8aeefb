# make demo: environment, then the whole method on the embedded data set.
# make test: environment, then the tests, by two processes; more with WORKERS=8.
# make coverage: the same, and which lines of the package they do not reach.
# make lint: style and types. make docs: the documentation as a site, in site/.
# make smoke: does it work on the oldest and the newest Python here, other than the one of .venv?
# Another Python: make PYTHON=python3.12 ...

SUPPORTED := 3.11 3.12 3.13
# The program of a version. It is tried, as pyenv has names on the path that do not run.
program = $(shell for p in python$(1) "$$(pyenv whence --path python$(1) 2> /dev/null | tail -n 1)"; do \
	"$$p" -c 'import ensurepip' 2> /dev/null && echo "$$p" && break; done)
ifndef PYTHON
PYTHON := $(or $(call program,3.11),$(call program,3.12),$(call program,3.13),python3)
endif
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2> /dev/null)
here = $(foreach version,$(SUPPORTED),$(if $(call program,$(version)),$(version)))
others = $(filter-out $(VERSION),$(sort $(firstword $(here)) $(lastword $(here))))

VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
# A file stays with one process: what its tests share is made once, and ports are its own.
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --durations=20
# By its version, so that another Python makes the environment anew.
READY := $(VENV)/ready-$(VERSION)
export PIP_REQUIRE_VIRTUALENV := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The theme names its successor at each build; once is enough.
export NO_MKDOCS_2_WARNING := 1

.PHONY: demo test fast-test coverage lint docs smoke smoke-envs smoke-test env clean

demo: $(READY)
	$(BIN)/python tools/reproduce.py configs/boostgan_faces.py --cfg-options discriminator=shared

test: $(READY)
	$(PYTEST)

fast-test: $(READY)
	$(PYTEST) -m "not slow"

# The limit of pyproject.toml is looked at last, so that a test that fails is not taken for it.
coverage: $(READY)
	$(PYTEST) --cov --cov-report= --cov-fail-under=0
	$(BIN)/coverage report

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY)
	$(BIN)/mkdocs build --strict

# smoke-envs makes the environments for smoke, and no more.
smoke smoke-envs:
	@set -e; versions='$(others)'; for version in $$versions; do $(MAKE) $@-$$version; done; \
	test -n "$$versions" || echo 'There is no other Python of $(SUPPORTED) here: nothing to try.'

smoke-envs-%:
	@$(MAKE) env PYTHON='$(call program,$*)' VENV=.venv-$*

smoke-%:
	@$(MAKE) smoke-test PYTHON='$(call program,$*)' VENV=.venv-$*

smoke-test: $(READY)
	$(BIN)/python tests/smoke.py

env: $(READY)

$(READY): requirements/lock.txt pyproject.toml
	$(if $(filter $(VERSION),$(SUPPORTED)),,$(error One of Python $(SUPPORTED) is needed, \
		and $(PYTHON) is $(or $(VERSION),no Python). Install one or set PYTHON=))
	test -e $(BIN)/python$(VERSION) || rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --no-deps -r requirements/lock.txt
	$(BIN)/python -m pip install --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(VENV) .venv-* work_dirs site .coverage
