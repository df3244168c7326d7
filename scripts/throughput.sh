#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Tells how many rollup blocks fit into a block of the chain by its declared weights, and lets a
# simulated day of one rollup block a second pass on the real runtime, every proof checked.

set -euo pipefail
cd "$(dirname "$0")/.."

# A day is 86,400 proofs: the runtime is compiled for speed, which its tests do without.
export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/benchmarks SKIP_WASM_BUILD=1
scripts/cargo.sh test --locked -p prover-pool-runtime \
	--config profile.dev.package.prover-pool-runtime.opt-level=3 \
	throughput -- --include-ignored --nocapture --test-threads=1
