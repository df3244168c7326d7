#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fails if the benchmarks of a pallet are newer than its weights. Needs the complete history.

set -euo pipefail
cd "$(dirname "$0")/.."

committed() { git log -1 --format=%ct -- "$1"; }
for source in pallets/*/src; do
	[ "$(committed "$source/weights.rs")" -ge "$(committed "$source/benchmarking.rs")" ] ||
		{ echo "$source: weights are older than benchmarks: run 'make weights'" >&2; exit 1; }
done
