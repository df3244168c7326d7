#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures the prover pool with 1 to 1,024 places, and collator selection and a transfer on the same
# runtime, in one run. Writes benchmarking/results/compare.md. Run it on an idle machine.

set -euo pipefail
cd "$(dirname "$0")/../.."
. benchmarking/bencher.sh

readonly RUNTIME=prover-pool-compare
readonly PALLETS=pool_1,pool_8,pool_32,pool_128,pool_512,pool_1024,pallet_collator_selection,pallet_balances
readonly OF_POOL=stake,exit,assign,release,slash
readonly OF_OTHERS=register_as_candidate,take_candidate_slot,leave_intent,transfer_allow_death

build_wasm "$RUNTIME"
bench "$RUNTIME" --steps 2 --repeat 20 --pallet "$PALLETS" --extrinsic "$OF_POOL,$OF_OTHERS" \
	--json-file build/compare.json
python3 benchmarking/compare/tables.py build/compare.json >build/compare.md
mv build/compare.md benchmarking/results/compare.md
