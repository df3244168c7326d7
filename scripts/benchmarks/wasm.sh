#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the WebAssembly of the runtime in the package $1 for its benchmarks, in the profile that
# releases have, as build/$1.wasm. The package whose build script does so is $2, if it is another.

set -euo pipefail
cd "$(dirname "$0")/../.."

# Of its own: benchmarks are another set of features, and would put another runtime in the place of
# the one that `make run` starts.
export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/benchmarks
readonly NAME=${1//-/_}

# Checking is enough: the build script makes the WebAssembly, and nothing native is needed.
WASM_BUILD_TYPE=production scripts/cargo.sh check --locked -p "${2:-$1}" --features runtime-benchmarks
cp "$CARGO_TARGET_DIR/debug/wbuild/$1/$NAME.wasm" "build/$1.wasm"
