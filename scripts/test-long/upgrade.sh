#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Rehearses an upgrade that changes the layout of a full queue, with the checks of `try-runtime`.
# Before and after it, the state must decode and the invariants of every pallet must hold.

set -euo pipefail
cd "$(dirname "$0")/../.."

cargo test --locked -p prover-pool-runtime --features try-runtime --lib -- --nocapture upgrade
echo "Took $((SECONDS / 60)) minutes." >&2
