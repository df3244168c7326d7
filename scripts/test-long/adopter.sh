#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Tests a runtime outside of the repository with the pool, and builds it to WebAssembly.

set -euo pipefail
cd "$(dirname "$0")/.."

(cd .. && cargo fetch --locked)
./adopter.sh
./adopter.sh wasm
