#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Packages the crates for parachains, and builds them from their packages. Fails if one of them
# depends on GPL code with any feature. Dependencies of tests are ignored, because no runtime
# contains them.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly SELECTION=(
	-p pallet-groth16-verifier
	-p pallet-prover-pool
	-p pallet-relay-randomness
	-p pallet-rollup
	-p prover-pool-primitives
	-p prover-pool-statement
)

dependencies=$(cargo tree --locked --all-features --edges normal --prefix none \
	--format '{l} | {p}' "${SELECTION[@]}")
# A dual licence, such as `Apache-2.0/GPL-3.0`, is allowed.
if sed 's/ (\*)$//' <<<"$dependencies" | sort -u | grep -E '^[^|]*GPL' | grep -vE '^[^|]*(/| OR )'; then
	echo "packages: the dependencies above are under the GPL: replace them" >&2
	exit 1
fi
cargo package --locked --allow-dirty "${SELECTION[@]}"
