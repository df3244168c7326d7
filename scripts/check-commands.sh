#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks that the commands in the documents can be pasted. Each line of a `sh` block must have the text
# of a command that `.ci/run` or a workflow runs, by a make target, its recipe or a test.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly DOCUMENTS=(README.md CONTRIBUTING.md RELEASING.md docs/*.md)
# Commands that nothing runs, below the reason.
readonly UNCHECKED=(
	# Serves until Ctrl-C. `make test` builds the same program, and starts it by the same script.
	"make run"
	# Changes the clone of a contributor.
	"git config blame.ignoreRevsFile .git-blame-ignore-revs"
	"git config core.hooksPath .githooks"
	# Publishes a release.
	"git tag -s v0.2.0 -m \"v0.2.0\""
	"git push origin v0.2.0"
	"cargo publish -p prover-pool-statement -p prover-pool-primitives -p pallet-groth16-verifier \
-p pallet-prover-pool -p pallet-relay-randomness -p pallet-rollup"
	# `make test-node` builds the node without optimizations, which take long.
	"cargo build --release -p prover-pool-node"
	# Belongs to the runtime of the reader.
	"frame-omni-bencher v1 benchmark pallet --runtime <runtime>.wasm \
--pallet pallet_rollup --extrinsic \"*\" --output runtime/src/weights/pallet_rollup.rs"
)

# Removes variables before commands, `--locked`, and spaces of empty options: all forms run the same.
normalize() { sed -E 's/^([A-Z_]+=("[^"]*"|[^ ]+) )+//; s/ --locked//; s/ +/ /g; s/ $//'; }

# Prints the commands of the `sh` blocks of the document $1: one per line, without comments.
documented() {
	sed -nE '/^ *```sh$/,/^ *```$/ { /```/d; s/^ +//; s/ +#.*//; p }' "$1" |
		sed -E ':join; /\\$/ { N; s/ *\\\n */ /; b join }' | normalize
}

# Prints the make targets that `.ci/run` and the workflows run, and the commands of their recipes.
executed() {
	local targets target suite
	targets=$(grep -ohE '\bmake [a-z-]+' .ci/run .github/workflows/*.yml | sort -u | grep -v 'make test-long')
	for suite in scripts/test-long/*.sh; do
		echo "make test-long SUITE=$(basename "$suite" .sh)"
	done
	while read -r _ target; do
		echo "make $target"
		make --dry-run --no-print-directory packages= "$target" | normalize
	done <<<"$targets"
}

# Returns success if a check runs the command $2 of the document $1.
is_executed() {
	local document=$1 command=$2 whole name
	grep -qxF -- "$command" <(printf '%s\n' "$EXECUTED" "${UNCHECKED[@]}") && return
	case $command in
	# A test runs these commands of the documents that it names.
	target/release/prover-pool-prover\ *) grep -qF "'$document'" e2e/test/commands.test.ts ;;
	# The relay suite runs these, with values of its own chain.
	target/release/prover-pool-node\ * | sed\ *\ chain.json)
		grep -qF "'$document'" e2e/relay/parachain.ts
		;;
	# A part of a command that is run for all default members.
	cargo\ *\ -p\ * | cargo\ *\ --bin\ *)
		name=${command##* }
		whole=${command% -* "$name"}
		grep -qxF -- "$whole" <<<"$EXECUTED" && grep -qxF "name = \"$name\"" ./*/Cargo.toml ./*/*/Cargo.toml
		;;
	*) return 1 ;;
	esac
}

EXECUTED=$(executed)
readonly EXECUTED
failed=0
for document in "${DOCUMENTS[@]}"; do
	while read -r command; do
		is_executed "$document" "$command" ||
			{ echo "check-commands: nothing runs this command of $document: $command" >&2; failed=1; }
	done < <(documented "$document")
done
exit "$failed"
