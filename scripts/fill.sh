#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fills the node, in development mode with a block a second, with rollup blocks and their proofs: once
# as full as it gets, and once with no more under way than settles for ever. Prints what the blocks held
# as tables in Markdown. Wants the node built, and a machine that does nothing else.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly PORT=29944
readonly BLOCKS=50

# Measures a chain of its own, under the title $1, with the arguments that follow.
fill() {
	local node
	"$CARGO_TARGET_DIR/debug/prover-pool-node" --dev --dev-block-time 1000 --pool-type single-state \
		--tmp --rpc-port "$PORT" &>build/fill-node.log &
	node=$!
	# Of the script: a program that fails ends it.
	trap "kill $node 2>/dev/null || true" EXIT
	until (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do
		kill -0 "$node"
		sleep 1
	done
	printf '\n## %s\n' "$1"
	"$CARGO_TARGET_DIR/debug/prover-pool-fill" "ws://127.0.0.1:$PORT" --blocks "$BLOCKS" "${@:2}"
	kill "$node"
	wait "$node" || true
}

scripts/cargo.sh build --locked -p prover-pool-fill >&2
fill "As full as it gets"
fill "As much as settles for ever" --unsettled 200
