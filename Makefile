# Open Door. `make demo` shows it, `make test` proves it; README says the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help demo test kills lint bench fmt

help: ## Say what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

demo: ## Build, load the 44 STPs and the real log into .demo, serve it and say how to sign in
	cargo run --locked -- demo --data .demo

test: ## Install what tests need, run every test on both databases and in a browser, end with the counts
	tests/run.sh

kills: ## Kill the program 500 times within mailings to 5,000, on both databases (a quarter of an hour)
	tests/kills.sh

lint: ## Check the format, the lints and the warnings
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

bench: ## Measure what performance is promised for, print the ratios, write bench.json
	cargo bench --locked -p method --bench assess -- 1000000
	cargo bench --locked -p opendoor --bench pages
	cargo bench --locked -p opendoor --bench pages -- 1000000
	cargo bench --locked -p opendoor --bench mail
	cargo bench --locked -p opendoor --bench scanners

fmt: ## Format the code
	cargo fmt --all
