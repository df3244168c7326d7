#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures the weights of every pallet of the runtime with FRAME's benchmarks, and writes them to
# runtime/src/weights; those of this project's pallets also into the pallets, for other runtimes.
# Wants a machine that does nothing else. The host of a virtual machine does other things for a while,
# which only add to a time: so this goes round several times, and takes each benchmark from the round in
# which it was fastest.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly RUNTIME=prover-pool-runtime
readonly OWN=pallet_groth16_verifier,pallet_prover_pool,pallet_rollup
# The ten seconds that a benchmark goes on for by default would leave no time for rounds.
readonly OF_OWN=(--steps 50 --repeat 2 --min-duration 1)
readonly ROUNDS_OF_OWN=16
# The SDK's own benchmarks are many, and take several components to their limits.
readonly OF_OTHERS=(--steps 20 --repeat 2 --min-duration 1)
readonly ROUNDS_OF_OTHERS=3

# Measures so many rounds $1 into the folder $2.
measure() {
	local round weights
	rm -rf build/rounds
	for round in $(seq "$1"); do
		mkdir -p "build/rounds/$round"
		scripts/benchmarks/bencher.sh "$RUNTIME" --header scripts/benchmarks/header.txt \
			--output "build/rounds/$round" "${@:3}"
	done
	mkdir -p "$2"
	for weights in build/rounds/1/*.rs; do
		weights=$(basename "$weights")
		awk -f scripts/benchmarks/fastest.awk build/rounds/*/"$weights" >"$2/$weights"
	done
}

# Measures this project's pallets once for the runtime and once in the form in which a pallet has its
# weights, and corrects the proof sizes in both.
measure_own() {
	local pallet own=("${OF_OWN[@]}" --pallet "$OWN" --extrinsic "*")
	measure "$ROUNDS_OF_OWN" build/runtime-weights "${own[@]}"
	measure "$ROUNDS_OF_OWN" build/pallet-weights "${own[@]}" \
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
measure "$ROUNDS_OF_OTHERS" runtime/src/weights "${OF_OTHERS[@]}" --all --exclude-pallets "$OWN"
scripts/benchmarks/sources.sh >runtime/src/weights/sources.txt
