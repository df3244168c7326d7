#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Counts the instructions of what an assignment computes with callgrind, and fails where a count is
# more than a tenth above the one in benchmarking/results/instructions.md: counts are the same on a
# busy machine, and differ a little between compilers. Prints them in that file's form, in which they
# take its place when more of them are meant.
#
# Takes the arguments that select packages for cargo.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly CRATE=prover-pool-computation
readonly KNOWN=benchmarking/results/instructions.md
readonly COUNTED=build/instructions.md
readonly PROFILE=build/callgrind.out
readonly NUMBERS=(usual largest)
readonly SIZES=(1 8 32 128 512 1024)
readonly STEPS=(read weigh choose write)

# Of the step $1 in the profile, with everything that it calls.
instructions_of() {
	callgrind_annotate --inclusive=yes --threshold=100 "$PROFILE" |
		sed -nE "s/^ *([0-9,]+) .*:${CRATE//-/_}::$1( .*)?$/\1/p" | head -1 | tr -d ,
}

count() {
	local numbers provers step
	printf 'Counted by `make instructions`: of a build for tests, in which the codec is not optimized.\n\n'
	printf '| numbers | provers |'
	printf ' %s |' "${STEPS[@]}"
	printf '\n|---|---:|---:|---:|---:|---:|\n'
	for numbers in "${NUMBERS[@]}"; do
		for provers in "${SIZES[@]}"; do
			valgrind --tool=callgrind --callgrind-out-file="$PROFILE" --quiet \
				"$CARGO_TARGET_DIR/debug/$CRATE" "$numbers" "$provers" >&2
			printf '| %s | %s |' "$numbers" "$provers"
			for step in "${STEPS[@]}"; do
				printf ' %s |' "$(instructions_of "$step")"
			done
			echo
		done
	done
}

# The pool at the speed that it has in a runtime, without what else depends on it.
scripts/cargo.sh build "$@" --bin "$CRATE" --config profile.dev.package.pallet-prover-pool.opt-level=3
count >"$COUNTED"
cat "$COUNTED"
awk -F ' *[|] *' '
	# Behind the numbers and the provers, a count for each step.
	NR == FNR { for (i = 4; i < NF; i++) known[$2, $3, i] = $i; rows = FNR; next }
	FNR <= 4 { next }
	{
		for (i = 4; i <= 7; i++)
			if ($i !~ /^[0-9]+$/ || !(($2, $3, i) in known)) {
				print "not counted: " $0
				failed = 1
			} else if ($i > 1.1 * known[$2, $3, i]) {
				print $2 " numbers, " $3 " provers: " $i " instructions, were " known[$2, $3, i]
				failed = 1
			}
	}
	END { exit failed || FNR != rows }
' "$KNOWN" "$COUNTED" >&2
