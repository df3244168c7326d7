#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the runtime of the last commit for a chain: optimized, compacted, compressed, and with the
# hash of its metadata. Prints its size and the hash of its code. Fails if relay chains refuse its
# size.
#
# The symbols of a build depend on the folder of the sources, and its panics contain the folders of
# its crates. So the build has a folder of its own with a fixed name, and another name for cargo's
# home. A commit then gives the same bytes to all users of one compiler.

set -euo pipefail
cd "$(dirname "$0")/.."

# `MAX_CODE_SIZE` of the crate polkadot-primitives, the limit of `max_code_size` in the configuration
# of a relay chain.
readonly MAX_CODE_SIZE=5242880
readonly FOLDER=/tmp/prover-pool-runtime
readonly NAME=prover_pool_runtime.compact.compressed.wasm

mkdir "$FOLDER" || {
	echo "runtime: $FOLDER exists: wait for the other build, or delete the folder" >&2
	exit 1
}
trap 'rm -rf "$FOLDER"' EXIT
git diff --quiet HEAD || echo "runtime: uncommitted changes are not built" >&2
git archive HEAD | tar -x -C "$FOLDER"
(
	cd "$FOLDER"
	unset SKIP_WASM_BUILD
	export CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=$FOLDER/target WASM_BUILD_TYPE=production
	export WASM_BUILD_RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
	cargo build --locked -p prover-pool-runtime-wasm --features metadata-hash
)
mkdir -p build
cp "$FOLDER/target/debug/wbuild/prover-pool-runtime/$NAME" build/

size=$(stat --format %s "build/$NAME")
cat <<END
commit     $(git rev-parse HEAD)
file       build/$NAME
size       $size bytes, at most $MAX_CODE_SIZE
code hash  0x$(b2sum --length 256 "build/$NAME" | cut -d ' ' -f 1)
END
[ "$size" -le "$MAX_CODE_SIZE" ] || { echo "runtime: relay chains refuse this size" >&2; exit 1; }
