# The two commands of the README are `make demo` and `make test`. Each does its own set-up.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP_QUIET := -qq --disable-pip-version-check
PIP    := $(BIN)/python -m pip $(PIP_QUIET)
# The pip that sets up .venv: those that come with Python read the index four times as slowly. `pip hash` gives the hash.
PIP_LOCKED := pip==26.3 --hash=sha256:f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13
PIP_ITSELF := install --no-compile --require-hashes -r $(VENV)/pip.lock
COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	--no-strip-extras pyproject.toml

# What is imported is compiled once, also where the environment asks to keep nothing: at each start that takes seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint soak benchmark pictures lock clean

demo: $(VENV)/.installed
	@$(BIN)/dateline demo $(ARGS)

test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -n 2 $(ARGS)

soak: $(VENV)/.installed-dev  ## the long runs
	@$(BIN)/python -m pytest -m soak $(ARGS)

benchmark: $(VENV)/.installed-dev  ## how well the delivery does; half an hour, ARGS="900 burst --runs 1" for a part
	@$(BIN)/python tests/benchmarks/delivery.py $(ARGS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

pictures: $(VENV)/.installed-dev  ## the README's pictures, of the real demo; needs Debian's chromium
	@$(BIN)/python tests/browser/pictures.py

lock:  ## compile the locks anew, what is run within what is tested; needs uv
	$(COMPILE) --group build --group dev -o tests/requirements.lock
	$(COMPILE) --group build -c tests/requirements.lock -o requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

# Only what is imported is compiled, in the last step below: most of what is installed never is.
$(VENV)/.made:
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv --without-pip $(VENV)
	@echo "$(PIP_LOCKED)" > $(VENV)/pip.lock
	@$(PYTHON) -m pip --python $(BIN)/python $(PIP_QUIET) $(PIP_ITSELF) 2>/dev/null || \
		{ $(BIN)/python -m ensurepip >/dev/null && $(PIP) $(PIP_ITSELF); }  # where the machine's own pip is old or none
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/.made
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c "import bot.app, bot.checking, bot.demo, bot.exports, bot.quotes.find, bot.sandbox"
	@touch $@

$(VENV)/.installed-dev: tests/requirements.lock $(VENV)/.installed
	@$(PIP) install --no-compile --no-deps --require-hashes -r tests/requirements.lock
	@touch $@
