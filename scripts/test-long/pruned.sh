#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Starts of provers on long chains: new ones on a pruned node with PRUNED_CHAIN_BLOCKS blocks (default
# 20,000), and one after an absence of ABSENCE_BLOCKS (default 5,000) on an archive node. Prints tables in
# Markdown, which benchmarking/results/survival.md records.

set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --locked
cargo build --locked -p prover-pool-node
npm --prefix e2e --silent run pruned
echo "Took $((SECONDS / 60)) minutes." >&2
