#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Times the draw's own computation with criterion, native. Prints criterion's estimates as a table in
# Markdown.

set -euo pipefail
cd "$(dirname "$0")/.."

scripts/cargo.sh bench --locked -p prover-pool-draw | tee /dev/stderr | awk '
	# usual numbers/32   time:   [<least> ns <estimate> ns <most> ns]
	/time:/ {
		split($2, of_pool, "/")
		if ($1 == "usual") provers[++rows] = of_pool[2]
		estimate[$1, of_pool[2]] = $6 " " $7
	}
	END {
		print "\n| provers | usual numbers | largest numbers |\n|---:|---:|---:|"
		for (row = 1; row <= rows; row++)
			print "| " provers[row] " | " estimate["usual", provers[row]] " | " \
				estimate["largest", provers[row]] " |"
	}
'
