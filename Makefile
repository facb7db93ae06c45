# 事项准入 admission registry. `make help` says what each target does.
# Bash is assumed; no root, no activated environment, no global packages.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
JOBS ?= 2
CHROMIUM := /usr/bin/chromium-headless-shell
HLEDGER := /usr/bin/hledger
RECOUNT := .recount-venv/bin/bean-check

# A stamp carries the digest of the pinned list, so that a warm start installs nothing and a
# changed pin is noticed.
RUN_STAMP := $(VENV)/.run-$(shell sha256sum requirements/run.txt | cut -c1-16)
TEST_STAMP := $(VENV)/.test-$(shell sha256sum requirements/test.txt | cut -c1-16)

# In an unpacked bundle the wheels lie beside this file and no index is asked.
OFFLINE := $(if $(wildcard wheels/SHA256SUMS),--no-index --find-links wheels,)
PIP := $(PY) -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --require-hashes $(OFFLINE)

.PHONY: help venv run test test-full check format demo bench bench-peers bench-full bundle bundle-test pins clean

help: ## this page
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)$$/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

$(RUN_STAMP):
	@PYTHON="$(PYTHON)" bash deploy/python_check.sh
	@$(PIP) --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@rm -f $(VENV)/.run-*
	@echo "installing the pinned run-time packages 正在安装运行所需软件包 …"
	@$(INSTALL) -r requirements/run.txt
	@touch $@

$(TEST_STAMP): $(RUN_STAMP)
	@rm -f $(VENV)/.test-*
	@echo "installing what the tests need 正在安装测试所需软件包 …"
	@$(INSTALL) -r requirements/test.txt
	@touch $@

venv: $(RUN_STAMP) ## the environment alone, for an installation

run: $(RUN_STAMP) ## demo mode on http://127.0.0.1:8000 with the fictional county 演示运行
	@REGISTRY_MODE=demo exec $(PY) -m registry serve

demo: $(RUN_STAMP) ## carry whole cases over a fresh database, step by step 全流程演示
	@REGISTRY_MODE=demo $(PY) -m registry demo $(STORY) $(if $(STAY),--stay)

# Debian's Chromium without a desk for the browser tests: root installs it where it is missing; anybody
# else, and a machine without a network, tests with the whole Chromium if that is there, or without
# one, in one line of the report (with CI=true that is a failure).
$(CHROMIUM):
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing Chromium for the browser tests 正在安装 Chromium …"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null; } \
	  || echo "could not install Chromium 未能安装 Chromium"; fi

# Programs that add the journals up and build the log's tree again, apart from ours: hledger from Debian where root may
# install it, beancount and pymerkle in an environment of their own. Without them these tests are skipped and counted (with CI=true that is a failure).
$(HLEDGER):
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing hledger to recount the journals 正在安装 hledger …"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends hledger >/dev/null; } \
	  || echo "could not install hledger 未能安装 hledger"; fi

$(RECOUNT): tests/recount-requirements.txt
	@echo "installing beancount and pymerkle to recount journals and tree 正在安装 beancount、pymerkle …"
	@{ $(PYTHON) -m venv --clear .recount-venv && .recount-venv/bin/pip install --quiet \
	  --disable-pip-version-check -r tests/recount-requirements.txt && touch $@; } \
	  || echo "could not install them 未能安装"

# The tests start the program some hundred times: what Python compiled is kept (clean takes it away),
# whatever the environment says.
test test-full check: export PYTHONDONTWRITEBYTECODE :=

test: $(TEST_STAMP) $(RECOUNT) | $(CHROMIUM) $(HLEDGER) ## SQLite, PostgreSQL, a browser, all but the long ones 测试
	@$(PY) -m pytest -n $(JOBS) --dist loadfile -m "not long"

test-full: $(TEST_STAMP) $(RECOUNT) | $(CHROMIUM) $(HLEDGER) ## everything, the long ones too 全部测试
	@$(PY) -m pytest -n $(JOBS) --dist loadfile

check: $(TEST_STAMP) ## format, lint, types, import contracts, sizes, licences, advisories 检查
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -c "from importlinter.cli import lint_imports_command as run; run()"
	@$(PY) -m pytest -q tests/house

format: $(TEST_STAMP) ## let ruff put the code in order
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench-peers: ## the programs approvals are measured beside, in an environment of their own 对照程序
	@$(PYTHON) -m venv .bench-venv && .bench-venv/bin/pip install -q -r bench/peers-requirements.txt

bench: $(RUN_STAMP) ## speed at 100,000 requests, at most five minutes 性能测试
	@$(PY) -m bench

bench-full: $(RUN_STAMP) ## speed at 1,000,000 requests, as far as the disk allows
	@$(PY) -m bench --full

bundle: $(RUN_STAMP) ## one archive for networks without internet 内网安装包
	@$(PY) deploy/bundle.py

bundle-test: bundle ## install from the archive with the network cut, run, demo
	@bash deploy/bundle_test.sh

pins: ## renew requirements/*.txt (needs `uv` on the path)
	@cd requirements && for list in run parquet test; do \
	  uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url $$list.in -o $$list.txt >/dev/null; done

clean: ## remove what make made, but never var/ (it holds records)
	@rm -rf $(VENV) .recount-venv dist .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
