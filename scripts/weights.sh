#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures the weights of every pallet of the runtime with FRAME's benchmarks, and writes them to
# runtime/src/weights; those of this project's pallets also into the pallets, for other runtimes.
# Wants a machine that does nothing else.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly RUNTIME=prover-pool-runtime
readonly OWN=pallet_groth16_verifier,pallet_prover_pool,pallet_rollup
# Of each step. The ten seconds that a benchmark goes on for by default would only add an hour.
readonly THOROUGH=(--steps 50 --repeat 20 --min-duration 1)
# The SDK's own benchmarks take several components to their limits, which takes an hour that way.
readonly QUICK=(--steps 20 --repeat 10 --min-duration 1)

# Measures into the folder $1.
measure() {
	scripts/benchmarks/bencher.sh "$RUNTIME" --header scripts/benchmarks/header.txt --output "$@"
}

# Measures this project's pallets once for the runtime and once in the form in which a pallet has its
# weights, and corrects the proof sizes in both.
measure_own() {
	local pallet
	mkdir -p build/runtime-weights build/pallet-weights
	measure build/runtime-weights "${THOROUGH[@]}" --pallet "$OWN" --extrinsic "*"
	measure build/pallet-weights "${THOROUGH[@]}" --pallet "$OWN" --extrinsic "*" \
		--template scripts/benchmarks/pallet.hbs
	for pallet in ${OWN//,/ }; do
		sum_proofs "$pallet" build/runtime-weights >"runtime/src/weights/$pallet.rs"
		sum_proofs "$pallet" build/pallet-weights \
			>"pallets/$(echo "${pallet#pallet_}" | tr _ -)/src/weights.rs"
	done
}

# The weights of the pallet $1 in the folder $2, with their proof sizes summed up.
sum_proofs() {
	awk -f scripts/benchmarks/sum-proofs.awk "build/runtime-weights/$1.rs" "$2/$1.rs"
}

scripts/benchmarks/wasm.sh "$RUNTIME" "$RUNTIME-wasm"
measure_own
measure runtime/src/weights "${QUICK[@]}" --all --exclude-pallets "$OWN"
scripts/benchmarks/sources.sh >runtime/src/weights/sources.txt
