#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fails if a pallet's benchmarks were committed later than its weights. Needs the whole history.

set -euo pipefail
cd "$(dirname "$0")/.."

committed() { git log -1 --format=%ct -- "$1"; }
for pallet in pallets/*/; do
	[ "$(committed "${pallet}src/weights.rs")" -ge "$(committed "${pallet}src/benchmarking.rs")" ] ||
		{ echo "$pallet: the weights are older than the benchmarks: run 'make weights'" >&2; exit 1; }
done
