#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Prints what benchmarks the runtime's weights come from: the hash of each of this project's, and the
# version of each other pallet that the runtime measures. `make weights` keeps it beside the weights,
# `make check-weights` compares.

set -euo pipefail
cd "$(dirname "$0")/../.."

sha256sum pallets/*/src/benchmarking.rs runtime/src/benchmarks.rs
sed -n 's/^\t\[\([a-z0-9_]*\),.*/\1/p' runtime/src/benchmarks.rs | tr _ - | while read -r pallet; do
	sed -n "/^name = \"$pallet\"$/{n;s/^version = \"\(.*\)\"$/$pallet \1/p}" Cargo.lock
done
