#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Profiles in WebAssembly what an assignment over 32 provers computes, and the verification of a proof.
# Prints, as tables in Markdown, what part of the time each function takes with everything that it
# calls.
#
# Needs perf, in Debian the package linux-perf, and the right to use it: kernel.perf_event_paranoid=1.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly RUNTIME=prover-pool-runtime
readonly COMPARISON=prover-pool-comparison-runtime
readonly CRATE=prover_pool_computation
readonly SAMPLES=build/perf.data
# The steps of an assignment, and what multiplies and divides in 128 bits.
readonly OF_ASSIGNMENT=("$CRATE::read" "$CRATE::weigh" "$CRATE::choose" "$CRATE::write" __multi3 __udivti3)
# Reading the points of a proof with their checks, the end of the pairing, and products in the field.
readonly OF_VERIFICATION=(deserialize_with_mode final_exponentiation sum_of_products MontBackend)

# Runs the benchmark $3 of the pallet $2 in the runtime $1, with the arguments that follow.
record() {
	WASMTIME_PROFILING_STRATEGY=perfmap \
		perf record --quiet --event cpu-clock --freq 9999 --call-graph fp --output "$SAMPLES" \
		scripts/benchmarks/bencher.sh "$1" --pallet "$2" --extrinsic "$3" "${@:4}" \
		--steps 2 --repeat 20 --min-duration 20 --no-verify >&2
}

# The part that each of the functions that follow has in the function $1, one a line. They are told by
# what their names have in them.
parts() {
	perf report --input "$SAMPLES" --children --stdio --call-graph none --percent-limit 0 \
		--parent "$1" --exclude-other 2>/dev/null |
		awk -v whole="$1" -v functions="${*:2}" '
			# Behind the name stands the parent.
			{ at = index($0, "[.] "); name = substr($0, at + 4); sub("   .*", "", name) }
			at { names[name] += $1 }
			function part(of, name, sum) {
				for (name in names) if (index(name, of)) sum += names[name]
				return sum
			}
			END {
				count = split(functions, list, " ")
				for (i = 1; i <= count; i++) printf "%.0f %%\n", 100 * part(list[i]) / part(whole)
			}
		'
}

# What an assignment of such numbers takes: with 32 provers, and with 128, because there have to be two
# sizes.
assignment() {
	record "$COMPARISON" prover_computation "$1" --low 2 --high 3
	parts "$CRATE::assign" "${OF_ASSIGNMENT[@]}"
}

scripts/benchmarks/wasm.sh "$COMPARISON" >&2
scripts/benchmarks/wasm.sh "$RUNTIME" "$RUNTIME-wasm" >&2
usual=$(assignment usual)
largest=$(assignment largest)
printf '\n| of an assignment | usual numbers | largest numbers |\n|---|---:|---:|\n'
paste -d'|' <(printf '%s\n' "${OF_ASSIGNMENT[@]}") <(echo "$usual") <(echo "$largest") |
	sed "s/^$CRATE:://; s/|/ | /g; s/.*/| & |/"
record "$RUNTIME" pallet_groth16_verifier verify_proof
printf '\n| of a verification | |\n|---|---:|\n'
paste -d'|' <(printf '%s\n' "${OF_VERIFICATION[@]}") <(parts ProofVerifier "${OF_VERIFICATION[@]}") |
	sed 's/|/ | /g; s/.*/| & |/'
