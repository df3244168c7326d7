#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs the benchmarks of the runtime that `wasm.sh` built for the package $1, with the arguments that
# follow, by frame-omni-bencher of this SDK release line, which it installs first where it is missing.

set -euo pipefail
cd "$(dirname "$0")/../.."

readonly VERSION=0.28.0
readonly TOOLS=$CARGO_TARGET_DIR/benchmarks

grep -qF "frame-omni-bencher $VERSION" "$TOOLS/.crates.toml" 2>/dev/null ||
	CARGO_TARGET_DIR=$TOOLS scripts/cargo.sh install --locked --root "$TOOLS" \
		"frame-omni-bencher@$VERSION"

# By its name alone: the weights' headers show the command.
export PATH=$TOOLS/bin:$PATH
frame-omni-bencher v1 benchmark pallet --runtime "build/$1.wasm" \
	--genesis-builder runtime --genesis-builder-preset development \
	--hostname-override "$(nproc) cores" --quiet "${@:2}"
