#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Generates a runtime outside of the repository that takes the pool by path, at the versions of this
# workspace, and runs its tests. Builds it to WebAssembly instead with the argument `wasm`.

set -euo pipefail
cd "$(dirname "$0")/.."

# The same path in each run, for cargo to replace the artifacts of the last one.
readonly CRATE=${TMPDIR:-/tmp}/prover-pool-adopter-$UID
# The linker arguments of `substrate-wasm-builder`.
readonly WASM_FLAGS="--cfg substrate_runtime -C target-cpu=mvp -C link-arg=--export-table
	-C link-arg=--import-memory -C link-arg=--export=__heap_base"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}

rm -rf "$CRATE"
mkdir -p "$CRATE/src"
cp Cargo.lock rust-toolchain.toml "$CRATE"
cp scripts/adopter/*.rs "$CRATE/src"
{
	cat scripts/adopter/Cargo.toml.in
	sed -n "s|path = \"|&$PWD/|; /^\[workspace.dependencies\]/,/^\[profile/ { /^\[profile/!p }" Cargo.toml
} >"$CRATE/Cargo.toml"

cd "$CRATE"
if [ "${1:-}" = wasm ]; then
	RUSTFLAGS=$WASM_FLAGS cargo rustc --offline --lib --crate-type cdylib \
		--no-default-features --target wasm32v1-none
else
	cargo test --offline
fi
