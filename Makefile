# Everything a newcomer needs: `make run`, `make test`. Each sets up what it needs itself.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PORT   ?= 7860
DB     ?= styrsignal.db
DATA   ?= ../shared/data
CORPUS ?= $(DATA)/regeringsuppdrag.jsonl.gz

.DEFAULT_GOAL := help
.PHONY: help setup browser postgres run demo scan test test-ray interrupt lint format evaluate bench bench-memory bench-review models corpus constraints clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: $(STAMP) ## virtual environment in .venv with everything pinned

# torch first and by its exact version: any other resolves to builds with gigabytes of CUDA.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 eller senare behövs: make PYTHON=python3.11"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0 --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --editable '.[dev,postgres]' --constraint constraints.txt
	@touch $@

browser: ## Debian's Chromium for the browser tests, where root may install it
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	  else echo "Chromium saknas och kan bara installeras av root: apt-get install chromium. Webbläsartesterna hoppas över."; fi; }

postgres: ## Debian's PostgreSQL for the tests of the store, where root may install it
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
	  else echo "PostgreSQL saknas och kan bara installeras av root: apt-get install postgresql. De testerna hoppas över."; fi; }

run: setup demo ## scan the example corpus and serve the interface on http://127.0.0.1:7860
	$(BIN)/styrsignal serve --port $(PORT) --db $(DB)

demo: setup ## scan the example corpus into the default database
	$(BIN)/styrsignal scan corpus/examples --db $(DB)

scan: setup ## scan other documents: make scan PATHS="a.pdf folder/"
	$(BIN)/styrsignal scan $(PATHS) --db $(DB)

test: setup browser postgres lint ## every test, browser tests included
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not ray"

test-ray: setup postgres ## the tests that start a Ray cluster on this machine
	$(BIN)/python -m pip install --quiet --editable '.[distributed]' --constraint constraints.txt
	$(BIN)/python -m pytest -m ray

interrupt: setup ## kill a scan at 20 random points and resume it each time
	$(BIN)/python -m benchmarks.interrupt corpus/examples --points 20 --json out/interrupt.json

lint: setup ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

evaluate: setup ## measure the judge: make evaluate PAIRS="a.jsonl b.jsonl"
	$(BIN)/styrsignal evaluate $(PAIRS)

bench: setup ## every stage by size, and against what else one might do: make bench CORPUS=documents.jsonl.gz
	$(BIN)/python -m benchmarks.bench $(CORPUS)

bench-memory: setup ## memory of a whole scan, all its processes together: make bench-memory CORPUS=documents.jsonl.gz
	$(BIN)/python -m benchmarks.memory $(CORPUS)

bench-review: setup ## 20 reviewers and a scan over 100,000 synthetic pairs: queue page and key press, as JSON
	$(BIN)/python -m benchmarks.review_load

models: setup ## train every shipped model again (needs ../shared; times in models/README.md)
	$(BIN)/python -m pip install --quiet --editable '.[train]' --constraint constraints.txt
	$(BIN)/python -m models.train.pipeline --data $(DATA)
	$(BIN)/python -m models.train.encoder --data $(DATA)
	$(BIN)/python -m models.train.signals --data $(DATA)
	$(BIN)/python -m models.train.signals_goals
	$(BIN)/python -m models.train.meeting --data $(DATA)
	$(BIN)/python -m models.train.second_reader --data $(DATA)
	$(BIN)/python -m models.train.judge --data $(DATA)

corpus: setup ## render corpus/sources into corpus/examples
	$(BIN)/python -m corpus.build

constraints: setup ## write the versions that are installed now to constraints.txt
	$(BIN)/python -m pip install --quiet --editable '.[dev,postgres,distributed,train]'
	{ echo '# Exact versions of everything that the project and its extras install; renew with `make constraints`.'; \
	  $(BIN)/python -m pip freeze --exclude-editable | sed 's/^torch==.*/torch==2.13.0/' | sort -f; } > constraints.new
	mv constraints.new constraints.txt

clean: ## remove the environment and caches
	rm -rf $(VENV) .ruff_cache .mypy_cache build *.egg-info
