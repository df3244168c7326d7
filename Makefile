# SPDX-License-Identifier: Apache-2.0

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

bin := $(or $(CARGO_TARGET_DIR),target)/debug
npm := npm --prefix e2e --loglevel=error run
pallets := $(patsubst pallets/%,-p pallet-%,$(wildcard pallets/*))
# Options of cargo that select packages. CI selects the node in each target, because cargo builds
# hundreds of crates again for another selection.
packages ?=
node_packages := $(or $(packages),-p prover-pool-node -p prover-pool-validation)
# End-to-end tests that run on chopsticks, too: what a person and a client do. All run on the node.
on_chopsticks := blocks commands interface proposals python staking
suites := $(patsubst scripts/test-long/%.sh,%,$(sort $(wildcard scripts/test-long/*.sh)))
# Installs the program $(1) of version $(2) unless there is one.
install = command -v $(1) >/dev/null || { echo "installing $(1)"; cargo install --locked $(1)@$(2); }

.PHONY: help
help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: setup
setup: ## Install what is missing on this machine
	@scripts/setup.sh

.PHONY: run
run: setup ## Start a development chain at ws://127.0.0.1:9944: the real runtime, instant blocks
	cargo build --locked --bin prover-pool-runtime-wasm
	$(npm) dev-chain

.PHONY: node
node: setup ## Build the node and start it with a development chain at ws://127.0.0.1:9944
	cargo build --locked -p prover-pool-node
	"$(bin)/prover-pool-node" --dev

.PHONY: runtime
runtime: setup ## Build the runtime of the last commit for a chain, and print its size and hash
	scripts/runtime.sh

.PHONY: prover
prover: setup ## Build the program of a prover for production
	cargo build --locked --release --bin prover-pool-prover

.PHONY: demo
demo: setup ## Play the life of a prover pool on the chain at ws://127.0.0.1:9944
	cargo build --locked
	@$(npm) --silent demo

.PHONY: test
test: setup ## Run the tests that need no node
	cargo build --locked $(packages)
	cargo test --locked $(packages)
	cargo test --locked $(pallets) --features runtime-benchmarks --lib benchmarking
	scripts/adopter.sh
	CHAIN=chopsticks $(npm) test -- $(on_chopsticks:%=test/%.test.ts)

.PHONY: test-node
test-node: setup ## Validate blocks as the relay chain does, and run the end-to-end tests on the node
	cargo build --locked $(packages)
	cargo build --locked $(node_packages)
	$(if $(packages),,cargo test --locked $(node_packages) --test validation)
	CHAIN=node $(npm) test

.PHONY: test-long
test-long: setup ## Run a long suite of scripts/test-long by its name: make test-long SUITE=model
	@test -x scripts/test-long/$(SUITE).sh || { echo "use: make test-long SUITE=NAME, of: $(suites)" >&2; exit 1; }
	scripts/test-long/$(SUITE).sh

.PHONY: lint-quick
lint-quick: setup ## Check documents, words, formats and TypeScript, in seconds
	scripts/check-docs.sh
	scripts/check-commands.sh
	scripts/check-words.sh
	e2e/python/.venv/bin/typos
	cargo fmt --all --check
	npm --prefix e2e exec -- taplo fmt --check
	$(npm) check

.PHONY: lint
lint: lint-quick ## Check also the lints of the default members
	SKIP_WASM_BUILD=1 cargo clippy --locked --all-targets -- -D warnings

.PHONY: lint-full
lint-full: lint deny ## Check also the node, the documentation, the features and the packages
	SKIP_WASM_BUILD=1 cargo clippy --locked --workspace --all-targets -- -D warnings
	SKIP_WASM_BUILD=1 RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
	$(call install,zepter,1.88.2)
	zepter run check
	scripts/packages.sh
	scripts/weights-are-current.sh

.PHONY: deny
deny: setup ## Check the licences, versions and sources of all dependencies
	$(call install,cargo-deny,0.20.2)
	cargo deny --locked check --hide-inclusion-graph bans licenses sources

.PHONY: advisories
advisories: setup ## Check all dependencies for known vulnerabilities, by a database on GitHub
	$(call install,cargo-deny,0.20.2)
	cargo deny --locked check advisories

.PHONY: weights
weights: setup ## Measure the weights of all pallets, on an idle machine
	benchmarking/weights.sh

.PHONY: compare
compare: setup ## Measure the growth of the pool, and its costs next to other pallets
	benchmarking/compare/run.sh
