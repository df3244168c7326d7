#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures the weights of all pallets of the runtime with FRAME benchmarks, and writes them to
# runtime/src/weights. Writes the weights of this project's pallets also to the pallets, for other
# runtimes. Run it on an idle machine.

set -euo pipefail
cd "$(dirname "$0")/.."
. benchmarking/bencher.sh

readonly OWN=pallet_groth16_verifier,pallet_prover_pool,pallet_relay_randomness,pallet_rollup
# Fewer steps for the SDK's pallets, which have many benchmarks with several components.
readonly STEPS_OF_OWN=50 STEPS_OF_OTHERS=20

# Measures with $1 steps into the folder $2, with the arguments that follow.
measure() {
	mkdir -p "$2"
	bench "$RUNTIME" --header benchmarking/header.txt --output "$2" \
		--steps "$1" --repeat 2 --min-duration 1 "${@:3}"
}

# Prints the weights of the pallet $1 in the folder $2, with corrected proof sizes.
sum_proofs() {
	awk -f benchmarking/sum-proofs.awk "build/runtime-weights/$1.rs" "$2/$1.rs"
}

build_wasm "$BENCHER_TARGET"
measure "$STEPS_OF_OTHERS" runtime/src/weights --all --exclude-pallets "$OWN"
# Once in the format of the runtime's weights, and once in that of the pallets.
measure "$STEPS_OF_OWN" build/runtime-weights --pallet "$OWN" --extrinsic "*"
measure "$STEPS_OF_OWN" build/pallet-weights --pallet "$OWN" --extrinsic "*" \
	--template benchmarking/weights.hbs
for pallet in ${OWN//,/ }; do
	folder=pallets/$(tr _ - <<<"${pallet#pallet_}")
	sum_proofs "$pallet" build/runtime-weights >build/weights.rs
	mv build/weights.rs "runtime/src/weights/$pallet.rs"
	sum_proofs "$pallet" build/pallet-weights >build/weights.rs
	mv build/weights.rs "$folder/src/weights.rs"
done
