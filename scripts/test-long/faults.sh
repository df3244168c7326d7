#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Faults of a node: kills while chain blocks are full, a flood of transactions, and old blocks on
# pruned and archive nodes. Then checks the invariants of all pallets in the exported state. Prints
# counts, which benchmarking/results/faults.md records. FAULTS_KILLS sets the number of kills (default
# 10), and FAULTS_SECONDS the time of the flood (default 120).

set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --locked
cargo build --locked -p prover-pool-node
npm --prefix e2e --silent run faults
scripts/exported-state.sh build/faults-state.json
echo "Took $((SECONDS / 60)) minutes, builds included." >&2
