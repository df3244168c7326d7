#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Soak test: a day of one rollup block a second on the real runtime, and hours of the maximum rates.
# Prints tables in Markdown, which benchmarking/results/soak.md records.

set -euo pipefail
cd "$(dirname "$0")/../.."

echo "Measuring the weight of blocks and the proof of an assignment, with a million accounts." >&2
cargo test --locked --lib --config profile.dev.package.prover-pool-runtime.opt-level=3 -- \
	--nocapture --test-threads=1 --ignored soak million
echo "Took $((SECONDS / 60)) minutes." >&2
