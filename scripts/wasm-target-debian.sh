#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the Rust target wasm32v1-none with Debian's Rust, for machines on which rustup cannot
# download it. Configures cargo for the user to build the runtime with it.
#
#     scripts/wasm-target-debian.sh [--check]
#
# With --check, it changes nothing and succeeds if the target is installed.

set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/debian.sh

readonly TARGET=wasm32v1-none
readonly TOOLCHAIN=debian-rust
readonly PACKAGES=(rustc-web cargo-web rust-web-src rust-web-llvm lld-22)
readonly LIBRARIES=/usr/lib/rustlib/$TARGET/lib
# Version of the compiler that built the libraries. Another compiler cannot use them.
readonly STAMP=$LIBRARIES/built-by
readonly CARGO_CONFIG=${CARGO_HOME:-$HOME/.cargo}/config.toml
readonly SETTING="WASM_BUILD_TOOLCHAIN = \"$TOOLCHAIN\""

is_in_place() {
	[ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$(/usr/bin/rustc --version)" ] &&
		rustup toolchain list | grep "^$TOOLCHAIN" >/dev/null &&
		grep -qxF "$SETTING" "$CARGO_CONFIG" 2>/dev/null
}

# Builds `core` and `alloc` in an empty crate in the folder $1. The runtime is linked with LTO, which
# needs the bitcode. `build-std` is not stable.
build_libraries() {
	mkdir "$1/src"
	echo '#![no_std]' >"$1/src/lib.rs"
	cat >"$1/Cargo.toml" <<-'END'
		[package]
		name = "empty"
		version = "0.0.0"
		edition = "2021"

		[profile.release]
		panic = "abort"
		codegen-units = 1
	END
	cd "$1"
	RUSTFLAGS=-Cembed-bitcode=yes RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$1/target \
		cargo "+$TOOLCHAIN" build --release -Z build-std=core,alloc --target "$TARGET"
}

# Copies the libraries in the folder $1, and links the linker, to the search paths of Debian's Rust.
install_libraries() {
	local host
	host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
	as_root mkdir -p "/usr/lib/rustlib/$host/bin" "$LIBRARIES"
	as_root ln -sf /usr/lib/llvm-22/bin/lld "/usr/lib/rustlib/$host/bin/rust-lld"
	as_root rm -f "$LIBRARIES"/*.rlib
	as_root cp "$1"/lib{core,alloc,compiler_builtins}-*.rlib "$LIBRARIES"
	/usr/bin/rustc --version | as_root tee "$STAMP" >/dev/null
}

configure_cargo() {
	grep -qxF "$SETTING" "$CARGO_CONFIG" 2>/dev/null && return
	mkdir -p "$(dirname "$CARGO_CONFIG")"
	touch "$CARGO_CONFIG"
	sed -i '/^WASM_BUILD_TOOLCHAIN *=/d' "$CARGO_CONFIG"
	grep -qx '\[env\]' "$CARGO_CONFIG" || printf '\n[env]\n' >>"$CARGO_CONFIG"
	sed -i "/^\[env\]$/a $SETTING" "$CARGO_CONFIG"
}

if [ "${1:-}" = --check ]; then
	is_in_place
	exit
fi
echo "setup: installing the Debian packages ${PACKAGES[*]},"
echo "setup: the libraries in $LIBRARIES, and WASM_BUILD_TOOLCHAIN in $CARGO_CONFIG"
install_packages "${PACKAGES[@]}"
rustup toolchain link "$TOOLCHAIN" /usr
crate=$(mktemp -d)
trap 'rm -rf "$crate"' EXIT
(build_libraries "$crate") || fail "Debian's Rust could not build $TARGET: see its messages above."
install_libraries "$crate/target/$TARGET/release/deps"
configure_cargo
