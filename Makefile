# The two commands: `make demo` shows the whole job, `make test` proves it. Both set everything up.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: help demo test made lint bench bench-send faults pictures clients docs lock clean
help:
	@echo "make demo      set up, then show the whole job on sample content"
	@echo "make test      set up, then check style, types and rules, and run every test"
	@echo "make lint      the first part of it: style, types and rules"
	@echo "make bench     measure, side by side with peers"
	@echo "make bench-send  race other senders to several servers, for as long as it takes"
	@echo "make faults    kill the sender 300 times, and count who was lost or doubled"
	@echo "make pictures  redraw the pictures in docs/pictures"
	@echo "make docs      rewrite docs/commands.md from the commands' own help"
	@echo "make clients   fetch anew what mail programs show; needs npm"
	@echo "make lock      choose newer versions of what we depend on; needs pip-tools"
	@echo "make clean     take away what these made, .venv too"

# pip is told which Python to install for, so a Python without ensurepip works too. It compiles all but what is
# editable, and a container's Python is often told to keep nothing that it compiles.
$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv (once; about half a minute)"
	@$(PYTHON) -m venv --without-pip .venv
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q newsletter subscribers
	@touch $(READY)

demo: $(READY)
	@$(BIN)/newsletter demo

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# What pytest makes of the tests is written down beside the linters, which keep one core busy: each of its processes
# would make it anew where Python is told to keep nothing. They are one more than the two cores of a small machine,
# as each waits half of its time. Big files need not begin: those that take long do (tests/conftest.py).
test:
	@$(MAKE) --no-print-directory -j 2 lint made
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

# Whatever is wrong with them, pytest tells when it runs them.
made: $(READY)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --collect-only -qq >/dev/null 2>&1 || true

bench: $(READY)
	@$(BIN)/python -m tests.bench.race --scale 0.3
	@$(BIN)/python -m tests.bench.people
	@$(BIN)/python -m tests.bench.signup
	@$(BIN)/python -m tests.bench.pick
	@$(BIN)/python -m tests.bench.collect
	@$(BIN)/python -m tests.bench.compile
	@$(BIN)/python -m tests.bench.check
	@$(BIN)/python -m tests.bench.preview
	@$(BIN)/python -m tests.bench.feedback
	@$(BIN)/python -m tests.bench.report

# The whole race, which `make bench` runs a third of.
bench-send: $(READY)
	@$(BIN)/python -m tests.bench.race

# Kills the sender 300 times; takes three to six minutes on two cores.
faults: $(READY)
	@$(BIN)/newsletter demo --faults --kills 300

pictures: $(READY)
	@$(BIN)/python -m tests.pictures

# What mail programs show, anew from npm's package caniemail; needs npm.
clients: $(READY)
	@$(BIN)/python -m tests.clients

docs: $(READY)
	@$(BIN)/python -m tests.reference

# Needs pip-tools. Writes neither host names nor paths.
lock:
	pip-compile --quiet --strip-extras --allow-unsafe --extra dev --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
