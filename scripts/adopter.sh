#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Generates a runtime outside of the repository with the pool as a path dependency and the versions
# of this workspace, and runs its tests. With the argument `wasm`, builds it to WebAssembly instead.

set -euo pipefail
cd "$(dirname "$0")/.."

# The same path in each run, so that cargo replaces earlier artifacts.
readonly CRATE=${TMPDIR:-/tmp}/prover-pool-adopter-$UID
# The flags of `substrate-wasm-builder`.
readonly WASM_FLAGS="--cfg substrate_runtime -C target-cpu=mvp -C link-arg=--export-table \
-C link-arg=--import-memory -C link-arg=--export=__heap_base"
CARGO_TARGET_DIR=$(realpath -m "${CARGO_TARGET_DIR:-target}")
export CARGO_TARGET_DIR

generate() {
	rm -rf "$CRATE"
	mkdir -p "$CRATE/src"
	cp Cargo.lock rust-toolchain.toml "$CRATE"
	cp examples/minimal-runtime/*.rs "$CRATE/src"
	cp examples/minimal-runtime/Cargo.toml.in "$CRATE/Cargo.toml"
	# Versions and paths of the workspace.
	sed -n '/^\[workspace.dependencies\]/,/^\[profile/ { /^\[profile/d; p }' Cargo.toml |
		sed "s|path = \"|&$PWD/|" >>"$CRATE/Cargo.toml"
}

# Prints the toolchain with the WebAssembly target, as an argument of cargo, if rustup does not
# select it.
wasm_toolchain() {
	sed -nE 's/^WASM_BUILD_TOOLCHAIN = "(.*)"$/+\1/p' \
		"${CARGO_HOME:-$HOME/.cargo}/config.toml" 2>/dev/null || true
}

generate
cd "$CRATE"
if [ "${1:-}" = wasm ]; then
	RUSTFLAGS=$WASM_FLAGS cargo $(wasm_toolchain) rustc --offline --lib --crate-type cdylib \
		--no-default-features --target wasm32v1-none
	grep -q ProverPoolApi_get_staker "$CARGO_TARGET_DIR/wasm32v1-none/debug/prover_pool_adopter.wasm"
else
	cargo test --offline --lib
fi
