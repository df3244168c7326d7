#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fails if a pallet's benchmarks were committed later than its weights. Needs the whole history.

set -euo pipefail
cd "$(dirname "$0")/.."

committed() { git log -1 --format=%ct -- "$1"; }
for source in pallets/*/src; do
	[ "$(committed "$source/weights.rs")" -ge "$(committed "$source/benchmarking.rs")" ] ||
		{ echo "$source: older weights than benchmarks: run 'make weights'" >&2; exit 1; }
done
