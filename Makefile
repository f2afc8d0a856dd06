# PYTHON chooses the interpreter, VENV the virtual environment, CC the compiler;
# SECONDS is how long each fuzz target runs, REQUESTS how many a soak asks.
PYTHON ?= python3
VENV ?= .venv
SECONDS ?= 60
REQUESTS ?= 1000000
export PYTHON VENV

.DEFAULT_GOAL := help
.PHONY: build run test test-c test-faults test-all asan fuzz soak check format bench clean help

build: bootstrap ## set everything up; build guavad and guava._core
	@scripts/build

run: build ## start guavad -c conf/guava.yaml on 127.0.0.1:8000
	@exec $(VENV)/bin/guavad -c conf/guava.yaml

test: build test-c ## build and run all tests
	@scripts/bootstrap test
	@$(VENV)/bin/python3 -m pytest

test-c: bootstrap ## run the tests of the C units alone
	@scripts/test-c

test-faults: build ## run the tests of faults and reloads at full length
	@scripts/bootstrap test
	@$(VENV)/bin/python3 -m pytest -m faults

test-all: ## run all tests with each Python from 3.11 on that is here
	@scripts/test-all

asan: bootstrap ## run the tests under AddressSanitizer and UBSan
	@scripts/bootstrap test
	@scripts/asan

fuzz: ## run each fuzz target for SECONDS
	@scripts/bootstrap fuzz
	@scripts/fuzz $(SECONDS)

soak: build ## ask one worker REQUESTS of all kinds, and see that it does not grow
	@$(VENV)/bin/python3 tests/server/soak.py $(REQUESTS)

check: bootstrap ## check format, types, layers and compiler warnings
	@scripts/check

format: bootstrap ## rewrite all sources in the project's format
	@scripts/format

bench: build ## measure guavad beside other servers
	@scripts/bootstrap bench
	@$(VENV)/bin/python3 -m benchmark.run
	@$(VENV)/bin/python3 -m benchmark.report

clean: ## remove what was built, and the virtual environments
	@rm -rf build dist *.egg-info guava/*.so .venv .venv-* .*_cache .hypothesis

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

.PHONY: bootstrap
bootstrap:
	@scripts/bootstrap
