#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Start of new provers on a pruned node, on a chain of PRUNED_CHAIN_BLOCKS blocks (default 20,000).
# Prints a table in Markdown, which benchmarking/results/survival.md records.

set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --locked
cargo build --locked -p prover-pool-node
npm --prefix e2e --silent run pruned
echo "Took $((SECONDS / 60)) minutes." >&2
