#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Counts the instructions of an assignment's computation with callgrind, and fails where they are
# more than the limits in benchmarking/benches/instructions.rs.

set -euo pipefail
cd "$(dirname "$0")/.."

# The version of the library in Cargo.toml.
readonly RUNNER_VERSION=0.20.0
readonly TOOLS=$CARGO_TARGET_DIR/benchmarks

scripts/setup.sh valgrind
export GUNGRAUN_RUNNER=$TOOLS/bin/gungraun-runner
[ -x "$GUNGRAUN_RUNNER" ] && grep -qF "gungraun-runner $RUNNER_VERSION" "$TOOLS/.crates.toml" ||
	scripts/cargo.sh install --locked --root "$TOOLS" "gungraun-runner@$RUNNER_VERSION"
scripts/cargo.sh bench --locked -p prover-pool-benchmarking --bench instructions
