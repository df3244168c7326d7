#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the runtime of the last commit for a chain twice, from different folders and with different
# homes of cargo. The bytes must be the same.

set -euo pipefail
cd "$(dirname "$0")/../.."

COMMIT=$(git rev-parse HEAD)
readonly COMMIT
readonly CARGO=${CARGO_HOME:-$HOME/.cargo}
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Builds in a new folder $1. Only the downloads and the settings of cargo are shared.
build() {
	local home=$work/$1/home entry
	mkdir -p "$home/.cargo"
	for entry in config.toml git registry; do
		[ ! -e "$CARGO/$entry" ] || ln -s "$CARGO/$entry" "$home/.cargo/$entry"
	done
	git clone --quiet . "$work/$1/checkout"
	git -C "$work/$1/checkout" checkout --quiet "$COMMIT"
	HOME=$home CARGO_HOME=$home/.cargo "$work/$1/checkout/scripts/runtime.sh"
}

build first
build another/user
cmp "$work"/{first,another/user}/checkout/build/prover_pool_runtime.compact.compressed.wasm
echo "Both builds have the same bytes. Took $((SECONDS / 60)) minutes." >&2
