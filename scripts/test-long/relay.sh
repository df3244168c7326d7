#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Relay suite: two validators, two collators and two prover programs, half of them on each side of a
# link that is cut. Then checks the invariants of all pallets in the exported state. Prints figures, which
# benchmarking/results/relay.md records.

set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/debian.sh

# The sides are network namespaces in a namespace of the suite, which ends with it.
if [ -z "${RELAY_NAMESPACE:-}" ]; then
	rights=()
	[ "$(id -u)" = 0 ] || rights=(--map-root-user)
	has ip || install_packages iproute2
	cargo build --locked
	cargo build --locked -p prover-pool-node
	cargo build --locked -p prover-pool-relay
	scripts/shifted-runtime.sh
	RELAY_NAMESPACE=1 unshare "${rights[@]}" --net --mount --mount-proc --pid --fork --kill-child "$0" "$@"
	scripts/exported-state.sh build/relay-state.json
	exit
fi

# Namespaces have their names here.
mount -t tmpfs tmpfs /run
npm --prefix e2e --silent run relay
echo "Took $((SECONDS / 60)) minutes, without builds." >&2
