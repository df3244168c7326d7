#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures how the pool grows with its size, and what it costs beside a port that keeps each prover in
# an entry of its own and beside pallets that everybody knows: all in one run, on one runtime. Writes
# benchmarking/results. Wants a machine that does nothing else, and goes round three times, as the host
# of a virtual machine does other things for a while.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly RUNTIME=prover-pool-comparison-runtime
readonly ROUNDS=(build/compare-{1,2,3}.json)
readonly PALLETS=prover_pool,prover_map,prover_computation,pallet_collator_selection,pallet_balances
readonly OF_POOLS=enter,stake,exit,assign,release,slash
readonly OF_COMPUTATION=usual,largest
readonly OF_OTHERS=register_as_candidate,take_candidate_slot,leave_intent,transfer_allow_death

scripts/benchmarks/wasm.sh "$RUNTIME"
for results in "${ROUNDS[@]}"; do
	# Six steps are the six sizes.
	scripts/benchmarks/bencher.sh "$RUNTIME" --steps 6 --repeat 20 --min-duration 1 \
		--json-file "$results" --pallet "$PALLETS" --extrinsic "$OF_POOLS,$OF_COMPUTATION,$OF_OTHERS"
done
scripts/cargo.sh run --locked -p prover-pool-benchmarking -- \
	"$(scripts/benchmarks/made-by.sh compare)" benchmarking/results "${ROUNDS[@]}"
