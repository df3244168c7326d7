#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the runtime of an upgrade that moves the indices of calls, events and errors, as
# build/shifted-runtime.wasm. A program that takes these indices from an older runtime misreads the
# chain afterwards. Indices of pallets with holds stay, because they are part of the state.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly SOURCES=$PWD/build/shifted-runtime
# A separate target folder: cargo would take the build of this checkout for that of the copy.
TARGET=$(realpath -m "${CARGO_TARGET_DIR:-target}")/shifted-runtime
readonly TARGET

# Applies the sed script $2 to the file $1 of the copy. Fails if it changes nothing.
edit() {
	local before
	before=$(sha256sum "$SOURCES/$1")
	sed -i -E "$2" "$SOURCES/$1"
	[ "$before" != "$(sha256sum "$SOURCES/$1")" ] || { echo "$1: cannot apply $2" >&2; exit 1; }
}

rm -rf "$SOURCES"
mkdir -p "$SOURCES"
git ls-files -z | tar --null --files-from=- -cf - | tar -C "$SOURCES" -xf -

edit runtime/src/lib.rs 's/(spec|transaction)_version: [0-9]+/&00/'
# `Utility` and `Groth16Verifier`.
edit runtime/src/lib.rs 's/pallet_index\(40\)/pallet_index(48)/'
edit runtime/src/lib.rs 's/pallet_index\(62\)/pallet_index(68)/'
for pallet in rollup prover-pool groth16-verifier; do
	edit "pallets/$pallet/src/lib.rs" 's/call_index\(/&10/'
	edit "pallets/$pallet/src/lib.rs" 's/^\tpub enum (Event|Error)<.*\{$/&\n\t\t\/\/\/ Moves the indices of the others.\n\t\tShifted,/'
done

# `check` is enough, because the build script builds the WebAssembly. The profile `release` compresses
# it, so that it fits into a transaction.
unset SKIP_WASM_BUILD
(cd "$SOURCES" && WASM_BUILD_TYPE=release CARGO_TARGET_DIR=$TARGET \
	cargo check --locked -p prover-pool-runtime-wasm)
cp "$TARGET/debug/wbuild/prover-pool-runtime/prover_pool_runtime.compact.compressed.wasm" \
	build/shifted-runtime.wasm
