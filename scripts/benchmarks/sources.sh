#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Prints what benchmarks the runtime's weights come from: the hash of each of this project's and of what
# it measures with, and the version of each other pallet and of each crate whose benchmarks the runtime
# has. `make weights` keeps it beside the weights, `make check-weights` compares.

set -euo pipefail
cd "$(dirname "$0")/../.."

readonly RUNTIMES=runtime/src/benchmarks.rs

sha256sum pallets/*/src/benchmarking.rs pallets/groth16-verifier/src/simulator.rs \
	runtime/src/randomness/benchmarking.rs "$RUNTIMES"
sed -n 's/^\t\[\([a-z0-9_]*\),.*/\1/p; s/^use \([a-z_]*_benchmarking\)::.*/\1/p' "$RUNTIMES" | tr _ - |
	while read -r package; do
		sed -n "/^name = \"$package\"$/{n;s/^version = \"\(.*\)\"$/$package \1/p}" Cargo.lock
	done
