#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Compares rollup and pool with the independent model over MODEL_STEPS random steps (default
# 1,000,000). Prints the seed and the counts of events. MODEL_SEED repeats a run.

set -euo pipefail
cd "$(dirname "$0")/../.."

cargo test --locked --lib -- --nocapture --ignored pallet_and_model_agree_for_long
echo "Took $((SECONDS / 60)) minutes." >&2
