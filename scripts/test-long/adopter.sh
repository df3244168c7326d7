#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds a runtime outside of the repository that takes the pool, native and to WebAssembly.

set -euo pipefail
cd "$(dirname "$0")/.."

(cd .. && cargo fetch --locked)
./adopter.sh
./adopter.sh wasm
