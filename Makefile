# SPDX-License-Identifier: Apache-2.0

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Outside of the checkout, so that another checkout finds the dependencies compiled.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/prover-pool/target
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

cargo := scripts/cargo.sh
# One selection of packages for all builds without the node. Another would compile many dependencies
# once more, with other features: the node does, and so do the benchmarks.
packages := --locked --workspace --exclude prover-pool-node --exclude prover-pool-benchmarking \
	--exclude prover-pool-comparison-runtime --exclude prover-pool-draw --exclude prover-pool-fill
pallets := -p pallet-groth16-verifier -p pallet-prover-pool -p pallet-rollup
bin := $(CARGO_TARGET_DIR)/debug
npm := npm --prefix e2e --loglevel=error run
tables := scripts/benchmarks/tables.sh

.PHONY: help
help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: run
run: wasm ## Start a development chain at ws://127.0.0.1:9944: the real runtime, instant blocks
	$(npm) dev-chain

.PHONY: test
test: build wasm check-weights ## Run every test that does not need the node
	$(cargo) test $(packages)
	$(cargo) test --locked $(pallets) --features runtime-benchmarks --lib benchmarking
	$(cargo) test --locked -p prover-pool-benchmarking
	scripts/instructions.sh $(packages)
	CHAIN=chopsticks $(npm) test

.PHONY: node
node: build-node ## Build the node and start it with a development chain at ws://127.0.0.1:9944
	$(bin)/prover-pool-node --dev

.PHONY: test-node
test-node: build build-node ## Run the end-to-end tests against the node
	CHAIN=node $(npm) test

.PHONY: demo
demo: build ## Play the life of a prover pool on the chain at ws://127.0.0.1:9944
	@$(npm) --silent demo

.PHONY: weights
weights: setup ## Measure the weights of all pallets anew, on a machine that does nothing else
	scripts/weights.sh

.PHONY: check-weights
check-weights:
	@scripts/benchmarks/sources.sh | diff runtime/src/weights/sources.txt - || \
		{ echo "the weights are older than these benchmarks: run 'make weights'" >&2; exit 1; }

.PHONY: compare
compare: setup ## Measure how the pool grows and what it costs beside other pallets
	scripts/compare.sh

.PHONY: throughput
throughput: setup ## Tell how many rollup blocks fit into a block, and what a draw among a million accounts reads
	$(tables) throughput $(cargo) test $(packages) --lib -- \
		--nocapture --test-threads=1 --include-ignored throughput million

.PHONY: sustain
sustain: setup ## Let a day of a rollup block a second pass in the runtime, and hours of the highest rates
	$(tables) sustain $(cargo) test $(packages) --lib \
		--config profile.dev.package.prover-pool-runtime.opt-level=3 -- \
		--nocapture --test-threads=1 --ignored sustained

.PHONY: instructions
instructions: setup ## Count the instructions of what an assignment computes
	scripts/instructions.sh $(packages)

.PHONY: draw
draw: setup ## Time the draw's own computation, native
	$(tables) draw scripts/draw.sh

.PHONY: profile
profile: setup ## Profile what an assignment computes in WebAssembly
	$(tables) profile scripts/profile.sh

.PHONY: division
division: setup ## Time ways to divide in WebAssembly
	$(tables) division benchmarking/division/run.sh

.PHONY: fill
fill: build-node ## Fill a node with proposals and proofs
	$(tables) fill scripts/fill.sh

.PHONY: lint
lint: setup ## Check formats, features, lints and types
	command -v zepter >/dev/null || $(cargo) install --locked zepter@1.88.2
	zepter run check
	$(cargo) fmt --all --check
	$(cargo) clippy --locked --workspace --all-targets -- -D warnings
	npm --prefix e2e exec -- taplo fmt --check
	$(npm) check

.PHONY: setup
setup: ## Install what is missing on this machine
	@scripts/setup.sh

.PHONY: build
build: setup ## Build everything but the node
	$(cargo) build $(packages)

.PHONY: wasm
wasm: setup
	$(cargo) build $(packages) --bin prover-pool-runtime-wasm
	$(bin)/prover-pool-runtime-wasm >build/runtime.wasm

.PHONY: build-node
build-node: setup
	$(cargo) build --locked -p prover-pool-node
