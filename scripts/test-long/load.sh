#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Load test: a development node with as many rollup blocks and proofs as it takes. Prints tables in
# Markdown, which benchmarking/results/load-test.md records.

set -euo pipefail
cd "$(dirname "$0")/../.."

echo "Measures the rollup blocks that a node proposes, proves and settles." >&2
cargo build --locked -p prover-pool-node
benchmarking/load-test/run.sh
echo "Took $((SECONDS / 60)) minutes, builds included." >&2
