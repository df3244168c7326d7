#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs missing dependencies for building and testing. Lists them first, and asks nothing. With
# everything in place it changes nothing and takes less than a second.

set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/debian.sh

readonly PACKAGES=(build-essential clang libclang-dev libssl-dev pkg-config protobuf-compiler)
readonly WASM_TARGET=wasm32v1-none
readonly PYTHON=e2e/python
RUST=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
readonly RUST

say() { echo "setup: $*"; }

check_tools() {
	has rustup && has cargo ||
		fail "rustup and cargo are not in PATH: install Rust as described at https://rustup.rs."
	has npm && has node ||
		fail "node and npm are not in PATH: install Node.js 20 or newer from https://nodejs.org."
	local version
	version=$(node -p 'process.versions.node.split(".")[0]')
	[ "$version" -ge 20 ] || fail "Node.js has version $version: install 20 or newer."
	has apt-get && return
	local tool
	for tool in cc clang pkg-config protoc python3; do
		has "$tool" || fail "$tool is not in PATH, and this system has no apt-get: install it."
	done
}

# Without this check, other rustup commands would download the toolchain without listing it.
has_rust() {
	[ -n "${RUSTUP_TOOLCHAIN:-}" ] || rustup toolchain list | grep "^$RUST-" >/dev/null
}

has_lints() {
	has_rust && cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1
}

has_wasm_target() {
	has_rust || return
	[ -d "$(rustc --print sysroot)/lib/rustlib/$WASM_TARGET/lib" ] ||
		scripts/wasm-target-debian.sh --check
}

has_python() {
	python3 -c 'import ensurepip, venv' 2>/dev/null
}

has_python_packages() {
	is_installed "$PYTHON/requirements.txt" "$PYTHON/.venv/.installed" &&
		"$PYTHON/.venv/bin/python" -c '' 2>/dev/null
}

# Returns success if the stamp $2 equals the lock file $1: its packages are installed.
is_installed() {
	cmp -s "$1" "$2"
}

# Prints the missing dependencies, one per line. The functions below install them.
missing() {
	if has apt-get; then
		missing_packages "${PACKAGES[@]}" | sed 's/^/Debian package /'
		has_python || echo "Debian package python3-venv"
	fi
	has_rust || echo "Rust $RUST"
	has_lints || echo "Rust components clippy and rustfmt"
	has_wasm_target || echo "Rust target $WASM_TARGET"
	is_installed e2e/package-lock.json e2e/node_modules/.installed || echo "npm packages of e2e"
	has_python_packages || echo "Python packages of $PYTHON, in a virtual environment there"
}

install_debian_packages() {
	has apt-get || return 0
	install_packages "${PACKAGES[@]}"
	has_python || install_packages python3 python3-venv
}

install_rust() {
	has_rust || rustup toolchain install "$RUST" --profile minimal ||
		fail "rustup cannot download Rust $RUST: install it, or set RUSTUP_TOOLCHAIN to an equal one."
	has_lints || rustup component add clippy rustfmt
}

install_wasm_target() {
	has_wasm_target && return
	if ! rustup target add "$WASM_TARGET" || ! has_wasm_target; then
		say "rustup cannot download $WASM_TARGET: building it with Debian's Rust"
		scripts/wasm-target-debian.sh
	fi
}

# Some install scripts download binaries, and no package needs its script.
install_npm_packages() {
	local stamp=e2e/node_modules/.installed
	is_installed e2e/package-lock.json "$stamp" && return
	npm ci --prefix e2e --ignore-scripts --no-audit --no-fund --loglevel=error ||
		fail "npm could not install the packages of e2e: see its messages above."
	cp e2e/package-lock.json "$stamp"
}

install_python_packages() {
	local venv=$PYTHON/.venv requirements=$PYTHON/requirements.txt
	has_python_packages && return
	python3 -m venv --clear "$venv" &&
		"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" ||
		fail "pip could not install the packages of $PYTHON: see its messages above."
	cp "$requirements" "$venv/.installed"
}

check_tools
missing=$(missing)
[ -n "$missing" ] || exit 0
say "installing:"
sed 's/^/  /' <<<"$missing"
install_debian_packages
install_rust
install_wasm_target
install_npm_packages
install_python_packages
say "done"
