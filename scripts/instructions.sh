#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Counts the instructions of what an assignment computes with callgrind, and fails where a count is
# more than a tenth above the one in benchmarking/results/instructions.txt: counts are the same on a
# busy machine, and differ a little between compilers. Prints them in that file's form.
#
# Takes the arguments that select packages for cargo.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly CRATE=prover-pool-computation
readonly KNOWN=benchmarking/results/instructions.txt
readonly COUNTED=build/instructions.txt
readonly PROFILE=build/callgrind.out
readonly SIZES=(1 8 32 128 512 1024)
readonly STEPS=(read weigh choose write)

# Of the step $1 in the profile, with everything that it calls.
instructions_of() {
	callgrind_annotate --inclusive=yes --threshold=100 "$PROFILE" |
		sed -nE "s/^ *([0-9,]+) .*:${CRATE//-/_}::$1( .*)?$/\1/p" | head -1 | tr -d ,
}

count() {
	local provers step
	echo "provers ${STEPS[*]}"
	for provers in "${SIZES[@]}"; do
		valgrind --tool=callgrind --callgrind-out-file="$PROFILE" --quiet \
			"$CARGO_TARGET_DIR/debug/$CRATE" "$provers" >&2
		echo -n "$provers"
		for step in "${STEPS[@]}"; do
			echo -n " $(instructions_of "$step")"
		done
		echo
	done
}

# The pool at the speed that it has in a runtime, without what else depends on it.
scripts/cargo.sh build "$@" --bin "$CRATE" --config profile.dev.package.pallet-prover-pool.opt-level=3
count >"$COUNTED"
cat "$COUNTED"
awk '
	NR == FNR { for (i = 1; i <= NF; i++) known[FNR, i] = $i; rows = FNR; next }
	NF != 5 || FNR > rows { print "not counted: " $0; failed = 1 }
	FNR == 1 { next }
	{
		for (i = 2; i <= NF; i++)
			if ($i > 1.1 * known[FNR, i]) {
				print "provers " $1 ", column " i ": " $i " instructions, were " known[FNR, i]
				failed = 1
			}
	}
	END { exit failed || FNR != rows }
' "$KNOWN" "$COUNTED" >&2
