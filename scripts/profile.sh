#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Profiles what an assignment over 32 provers computes in WebAssembly. Prints, as a table in Markdown,
# what part of the time each step takes with everything that it calls, and what part the calls do that
# multiply and divide in 128 bits.
#
# Needs perf, in Debian the package linux-perf, and the right to use it: kernel.perf_event_paranoid=1.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly RUNTIME=prover-pool-comparison-runtime
readonly CRATE=prover_pool_computation
readonly SAMPLES=build/perf.data
readonly FUNCTIONS=("$CRATE::read" "$CRATE::weigh" "$CRATE::choose" "$CRATE::write" __multi3 __udivti3)

# Runs the benchmark $1 with 32 provers, and with 128, because there have to be two sizes.
record() {
	WASMTIME_PROFILING_STRATEGY=perfmap \
		perf record --quiet --event cpu-clock --freq 9999 --call-graph fp --output "$SAMPLES" \
		scripts/benchmarks/bencher.sh "$RUNTIME" --pallet prover_computation --extrinsic "$1" \
		--steps 2 --low 2 --high 3 --repeat 20 --min-duration 20 --no-verify >&2
}

# The part of each of the functions in the whole assignment, one a line.
parts() {
	perf report --input "$SAMPLES" --children --stdio --call-graph none --percent-limit 0 2>/dev/null |
		awk -v whole="$CRATE::assign" -v functions="${FUNCTIONS[*]}" '
			{ at = index($0, "[.] "); name = substr($0, at + 4) }
			at { names[name] += $1 }
			function part(prefix, name, sum) {
				for (name in names) if (index(name, prefix) == 1) sum += names[name]
				return sum
			}
			END {
				count = split(functions, list, " ")
				for (i = 1; i <= count; i++) printf "%.0f %%\n", 100 * part(list[i]) / part(whole)
			}
		'
}

scripts/benchmarks/wasm.sh "$RUNTIME" >&2
record usual
usual=$(parts)
record largest
largest=$(parts)
printf '\n| of the time | usual numbers | largest numbers |\n|---|---:|---:|\n'
paste -d'|' <(printf '%s\n' "${FUNCTIONS[@]}") <(echo "$usual") <(echo "$largest") |
	sed "s/^$CRATE:://; s/|/ | /g; s/.*/| & |/"
