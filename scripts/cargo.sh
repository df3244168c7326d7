#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs cargo in the environment that scripts/setup.sh found. Cargo says nothing while a build script
# runs, and the runtime's compiles it to WebAssembly for minutes, so this tells how far that is.

set -euo pipefail
cd "$(dirname "$0")/.."
. build/env

# Binaryen and RocksDB are hundreds of files of C++, for each of which clang takes a third less time
# than gcc.
export CXX=${CXX:-clang++}

readonly WASM_BUILDS=${CARGO_TARGET_DIR:-target}/debug/wbuild

wasm_crates() {
	# There is no such folder before the first build.
	find "$WASM_BUILDS" -name '*.rlib' 2>/dev/null | wc -l || true
}

watch_wasm_build() {
	local before now
	before=$(wasm_crates)
	# The redirection lets a pipe that reads this script end with it.
	while sleep 20 &>/dev/null; do
		now=$(wasm_crates)
		[ "$now" = "$before" ] || echo "   WebAssembly: $now crates"
		before=$now
	done
}

# Cargo tells what to compile by file times alone, and gives two checkouts that share a target folder
# the same artifacts: what one compiled looks fresh to an older file of the other.
own_target_folder() {
	local owner=$CARGO_TARGET_DIR/checkout
	[ "$(cat "$owner" 2>/dev/null)" = "$PWD" ] && return
	find benchmarking circuit node pallets primitives prover runtime -name '*.rs' -exec touch {} +
	mkdir -p "$CARGO_TARGET_DIR"
	echo "$PWD" >"$owner"
}

[ -z "${CARGO_TARGET_DIR:-}" ] || own_target_folder
watch_wasm_build &
trap 'kill $!' EXIT
cargo "$@"
