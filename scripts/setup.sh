#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what building and testing need and this machine lacks, and says what it does. Asks
# nothing. With everything in place it changes nothing and takes less than a second.
#
# Writes build/env, which scripts/cargo.sh reads.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly PACKAGES=(build-essential clang libclang-dev pkg-config protobuf-compiler valgrind)
readonly WASM_TARGET=wasm32v1-none
# Debian's own Rust, for machines where rustup cannot download the WebAssembly target.
readonly DEBIAN_TOOLCHAIN=debian-rust
readonly DEBIAN_PACKAGES=(rustc-web cargo-web rust-web-src rust-web-llvm lld-22)

say() { echo "setup: $*"; }
fail() {
	echo "setup: $*" >&2
	exit 1
}
has() { command -v "$1" >/dev/null; }

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif has sudo; then
		sudo "$@"
	else
		fail "cannot run '$*': be root, or install sudo."
	fi
}

# Installs those of the named Debian packages that are not installed.
install_packages() {
	local package missing=()
	for package in "$@"; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			missing+=("$package")
	done
	[ ${#missing[@]} = 0 ] && return
	say "installing ${missing[*]}"
	as_root apt-get update -q
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -qy --no-install-recommends "${missing[@]}" ||
		fail "apt-get could not install ${missing[*]}."
}

check_tools() {
	has rustup && has cargo ||
		fail "rustup and cargo are not in PATH: install Rust as https://rustup.rs tells."
	has npm && has node ||
		fail "node and npm are not in PATH: install Node.js 20 or newer from https://nodejs.org."
	local version
	version=$(node -p 'process.versions.node.split(".")[0]')
	[ "$version" -ge 20 ] || fail "Node.js is of version $version: install 20 or newer."
}

# The C tools that some crates' build scripts need, and what counts instructions.
set_up_packages() {
	if has apt-get; then
		install_packages "${PACKAGES[@]}"
		return
	fi
	local tool
	for tool in cc clang pkg-config protoc valgrind; do
		has "$tool" || fail "$tool is not in PATH, and there is no apt-get to install it with."
	done
}

# Makes the WebAssembly target available, with rustup or without.
set_up_wasm_target() {
	local libraries
	libraries=$(rustc --print sysroot)/lib/rustlib/$WASM_TARGET/lib
	if [ ! -d "$libraries" ] && ! has_debian_target; then
		say "adding the Rust target $WASM_TARGET"
		if ! rustup target add "$WASM_TARGET" || [ ! -d "$libraries" ]; then
			say "rustup cannot download it: building it with Debian's Rust"
			build_debian_target
		fi
	fi
	mkdir -p build
	if [ -d "$libraries" ]; then
		: >build/env
	else
		echo "export WASM_BUILD_TOOLCHAIN=$DEBIAN_TOOLCHAIN" >build/env
	fi
}

# What `build_debian_target` leaves when it is done: the compiler that the libraries are of. An
# upgrade of the compiler makes them useless.
readonly DEBIAN_LIBRARIES=/usr/lib/rustlib/$WASM_TARGET/lib
readonly DEBIAN_STAMP=$DEBIAN_LIBRARIES/built-by

has_debian_target() {
	[ -f "$DEBIAN_STAMP" ] && [ "$(cat "$DEBIAN_STAMP")" = "$(/usr/bin/rustc --version)" ] &&
		rustup toolchain list | grep -q "^$DEBIAN_TOOLCHAIN"
}

# Builds the target's `core` and `alloc` from Debian's library source and links them, and the
# linker, where Debian's compiler looks for them.
build_debian_target() {
	install_packages "${DEBIAN_PACKAGES[@]}"
	rustup toolchain link "$DEBIAN_TOOLCHAIN" /usr

	local host crate
	host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
	as_root mkdir -p "/usr/lib/rustlib/$host/bin" "$DEBIAN_LIBRARIES"
	as_root ln -sf /usr/lib/llvm-22/bin/lld "/usr/lib/rustlib/$host/bin/rust-lld"

	crate=$(mktemp -d)
	mkdir "$crate/src"
	echo '#![no_std]' >"$crate/src/lib.rs"
	cat >"$crate/Cargo.toml" <<-'END'
		[package]
		name = "empty"
		version = "0.0.0"
		edition = "2021"

		[profile.release]
		panic = "abort"
		codegen-units = 1
	END
	# The runtime is linked with LTO, which needs the bitcode. `build-std` is not stable.
	(
		cd "$crate"
		RUSTFLAGS=-Cembed-bitcode=yes RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$crate/target \
			cargo "+$DEBIAN_TOOLCHAIN" build --release \
			-Z build-std=core,alloc --target "$WASM_TARGET"
	) || fail "Debian's Rust could not build the libraries of $WASM_TARGET."
	as_root rm -f "$DEBIAN_LIBRARIES"/*.rlib
	as_root cp "$crate/target/$WASM_TARGET/release/deps"/lib{core,alloc,compiler_builtins}-*.rlib \
		"$DEBIAN_LIBRARIES"
	/usr/bin/rustc --version | as_root tee "$DEBIAN_STAMP" >/dev/null
	rm -r "$crate"
}

# Installs the npm packages of e2e, unless those of the present lock file are there. None of them
# needs its install script, and some of those download binaries.
install_npm_packages() {
	local stamp=e2e/node_modules/.installed
	cmp -s e2e/package-lock.json "$stamp" && return
	say "installing the npm packages of e2e"
	npm ci --prefix e2e --ignore-scripts --no-audit --no-fund --loglevel=error ||
		fail "npm could not install the packages of e2e."
	cp e2e/package-lock.json "$stamp"
}

check_tools
set_up_packages
set_up_wasm_target
install_npm_packages
say "everything is here"
