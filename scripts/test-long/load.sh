#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Load test: fills a development node with rollup blocks and their proofs, at one block per second.
# The first run is unlimited, the second has at most 200 unsettled rollup blocks. Prints tables in
# Markdown, which benchmarking/results/load-test.md records. Run it on an idle machine.

set -euo pipefail
cd "$(dirname "$0")/../.."

readonly PORT=29944
readonly BLOCKS=50
readonly BIN=${CARGO_TARGET_DIR:-target}/debug

# Measures a new chain, under the title $1, with the arguments that follow.
load() {
	local node
	"$BIN/prover-pool-node" --dev --dev-block-time 1000 --pool-type single-state --tmp \
		--rpc-port "$PORT" &>build/load-test-node.log &
	node=$!
	# If the load test fails, the script ends and must stop the node.
	trap "kill $node 2>/dev/null || true" EXIT
	until (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do
		kill -0 "$node"
		sleep 1
	done
	printf '\n## %s\n' "$1"
	"$BIN/prover-pool-load-test" "ws://127.0.0.1:$PORT" --blocks "$BLOCKS" "${@:2}"
	kill "$node"
	wait "$node" || true
}

mkdir -p build
cargo build --locked -p prover-pool-node
cargo build --locked -p prover-pool-load-test
load "Unlimited proposals"
load "At most 200 unsettled rollup blocks" --unsettled 200
echo "Took $((SECONDS / 60)) minutes, builds included." >&2
