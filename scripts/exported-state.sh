#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks the invariants of all pallets in the state of a running chain, which a suite exported to this
# file.

set -euo pipefail
file=$(realpath "$1")
cd "$(dirname "$0")/.."

output=$(EXPORTED_STATE=$file cargo test --locked -p prover-pool-runtime --features try-runtime --lib -- \
	--nocapture --ignored exported_state)
echo "$output"
# A filter without a test is no failure of cargo.
grep -q "^test result: ok. 1 passed" <<<"$output"
