#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures the prover pool with 32 to 1,024 members, collator selection and a transfer. Uses the
# runtime, and a copy of the last commit's runtime with 1,024 places. Writes
# benchmarking/results/compare.md. Run it on an idle machine.

set -euo pipefail
cd "$(dirname "$0")/../.."
. benchmarking/bencher.sh

readonly COPY=build/compare
readonly OTHERS=pallet_collator_selection,pallet_balances
readonly OF_POOL=stake,exit,release,slash
readonly OF_OTHERS=register_as_candidate,take_candidate_slot,leave_intent,transfer_allow_death

build_wasm "$BENCHER_TARGET"
rm -rf "$COPY"
mkdir -p "$COPY"
git archive HEAD | tar --extract --touch --directory "$COPY"
sed -i 's/type MaxProvers = ConstU32<32>;/type MaxProvers = ConstU32<1024>;/' \
	"$COPY/runtime/src/configs/rollup.rs"
grep -q 'ConstU32<1024>' "$COPY/runtime/src/configs/rollup.rs"
(cd "$COPY" && build_wasm "$BENCHER_TARGET/compare")
cp "$COPY/build/$RUNTIME.wasm" "build/$RUNTIME-1024.wasm"
# A draw is always over a full pool.
for runtime in "$RUNTIME" "$RUNTIME-1024"; do
	bench "$runtime" --steps 2 --low 1 --high 1 --repeat 20 --pallet pallet_prover_pool \
		--extrinsic assign_many --json-file "build/compare-$runtime.json"
done
# The steps of the pool's component are 32, 64, and so on to 1,024.
bench "$RUNTIME-1024" --steps 32 --low 32 --repeat 5 --pallet pallet_prover_pool \
	--extrinsic "$OF_POOL" --json-file build/compare-pool.json
bench "$RUNTIME-1024" --steps 2 --repeat 20 --pallet "$OTHERS" \
	--extrinsic "$OF_OTHERS" --json-file build/compare-others.json
python3 benchmarking/compare/tables.py "build/compare-$RUNTIME.json" "build/compare-$RUNTIME-1024.json" \
	build/compare-{pool,others}.json >build/compare.md
mv build/compare.md benchmarking/results/compare.md
