#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Survival suite: two prover programs and a node with faults of programs, nodes, networks, disks,
# runtimes and keys. Prints the seed and a table in Markdown, which benchmarking/results/survival.md
# records. SURVIVAL_SEED repeats the order of the faults and their details, but not the proposals
# between them, whose number depends on the time. SURVIVAL_ROUNDS repeats the faults (default 1).
# SURVIVAL_ONLY selects those whose names contain one of its parts, which commas separate.

set -euo pipefail
cd "$(dirname "$0")/../.."

# Small disks are mounted, for which an account without rights needs a namespace.
if [ -z "${SURVIVAL_MOUNTS:-}" ]; then
	rights=()
	[ "$(id -u)" = 0 ] || rights=(--map-root-user)
	SURVIVAL_MOUNTS=1 exec unshare "${rights[@]}" --mount "$0" "$@"
fi

cargo build --locked
cargo build --locked -p prover-pool-node
scripts/shifted-runtime.sh
npm --prefix e2e --silent run survival
echo "Took $((SECONDS / 60)) minutes." >&2
