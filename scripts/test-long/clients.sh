#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Takes the steps of a prover by all clients that docs/clients.md lists. Unlike `make test-node`, it
# also takes them by the code that subxt's command line generates, and signs offline with the hash of
# the metadata on the runtime for a chain.

set -euo pipefail
cd "$(dirname "$0")/../.."

VERSION=$(sed -nE 's/^subxt = \{ version = "=([^"]+)".*/\1/p' Cargo.toml)
ROOT=$(realpath -m "${CARGO_TARGET_DIR:-target}/subxt-cli-$VERSION")

cargo build --locked -p prover-pool-runtime-wasm -p prover-pool-node
cargo install --locked subxt-cli --version "$VERSION" --root "$ROOT"
scripts/runtime.sh
SUBXT=$ROOT/bin/subxt RUNTIME=$PWD/build/prover_pool_runtime.compact.compressed.wasm \
	CHAIN=node npm --prefix e2e run test -- test/clients test/python
echo "Took $((SECONDS / 60)) minutes, builds included." >&2
