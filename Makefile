# Programs that tests start again and again must not compile the sources each time.
export PYTHONDONTWRITEBYTECODE :=
# The same words that CI calls; every target does its own set-up.
.PHONY: help install check check-python check-ui test spark coverage soak demo serve bench proof truth ui clean
PY := .venv/bin/python
export PYTHONWARNINGS ?= ignore::SyntaxWarning

help:            ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

.venv/ready: pyproject.toml constraints.txt
	python3 -m venv .venv
	.venv/bin/pip install -q -c constraints.txt -e '.[test,postgres,warehouse]'
	touch $@

.venv/bench: .venv/ready
	.venv/bin/pip install -q -c constraints.txt -e '.[test,bench]'
	touch $@

ui/node_modules/ready: ui/package.json ui/package-lock.json
	cd ui && npm ci --no-audit --no-fund
	touch $@

src/pathworth/web/static/index.html: ui/node_modules/ready .venv/ready $(shell find ui/src ui/snippet ui/index.html ui/vite.config.ts ui/vite.snippet.config.ts -type f 2>/dev/null) $(shell find src/pathworth -name contracts.py)
	cd ui && npm run types && npm run build

install: .venv/ready src/pathworth/web/static/index.html   ## everything that running needs
ui: src/pathworth/web/static/index.html                    ## build the web app

check: check-python check-ui                               ## lint, types, boundaries, sizes

check-python: .venv/ready
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) tools/check_imports.py
	$(PY) tools/check_sizes.py
	$(PY) tools/check_words.py
	$(PY) tools/list_errors.py

# After the build, which writes the same types.
check-ui: install
	cd ui && npm run types && npm run check

test: install                                              ## every test, browser included
	tools/need_chromium.sh
	$(PY) tools/compile_kernels.py
	tools/in_memory.sh .venv/bin/pytest -n 5 --dist loadfile --no-loadscope-reorder --durations=30
	NUMBA_DISABLE_JIT=1 .venv/bin/pytest -n 2 tests/kernels -m "not slow"

.venv/spark: .venv/ready
	.venv/bin/pip install -q -c constraints.txt -e '.[test,spark]'
	# Servers of object storage, in an environment of their own: they need older libraries than this package.
	python3 -m venv .venv/storage
	.venv/storage/bin/pip install -q 'moto[server]==5.2.5' gcp-storage-emulator==2026.7.19
	npm install --silent --no-fund --no-audit --no-save --prefix .venv/storage azurite@3.35.0
	# And another version of Spark, whose cluster cannot be worked with: as it is packed, nothing of it is installed.
	.venv/bin/pip download -q --no-deps --no-binary :all: -d .venv/other-spark pyspark==3.5.6
	tar xzf .venv/other-spark/*.tar.gz -C .venv/other-spark --strip-components=1 --wildcards 'pyspark-*/deps/bin' 'pyspark-*/deps/jars'
	rm .venv/other-spark/*.tar.gz
	touch $@

spark: .venv/spark                                         ## the tests of a real cluster and of object storage, on loopback
	.venv/bin/pytest tests/spark --durations=10

coverage: install                                          ## every test again, and which lines and branches none reaches
	tools/need_chromium.sh
	.venv/bin/pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered

soak: install                                              ## kill the real commands at random moments: minutes
	.venv/bin/pytest -m soak -s

demo: install                                              ## the company with known truth, imported, priced and served
	.venv/bin/pathworth demo

serve: install                                             ## the web app on the workspace in ./demo
	.venv/bin/pathworth serve -w demo

bench: .venv/bench                                         ## ratios to the limit and to peers: BENCH_EVENTS=N BENCH_JSON=FILE
	$(PY) -m bench --events $${BENCH_EVENTS:-20000000} $${BENCH_JSON:+--json $$BENCH_JSON}

proof: .venv/ready                                         ## grade the estimators: PART=prices SEEDS=1-200
	$(PY) -m pathworth.learn.proof $${PART:+--part $$PART} $${SEEDS:+--seeds $$SEEDS}

truth: .venv/ready                                         ## recompute every truth figure of the demo company
	$(PY) -m pathworth.learn.company truth

clean:           ## forget what was built
	rm -rf .venv ui/node_modules src/pathworth/web/static demo
