#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs a command for the target $1 of make, and keeps the Markdown tables in what it prints as
# benchmarking/results/$1.md. What a command prints that fails is not kept.

set -euo pipefail
cd "$(dirname "$0")/../.."

readonly TARGET=$1

printed=$("${@:2}" | tee /dev/stderr)
tables=$(grep -E '^($|#|\|)' <<<"$printed" | sed 's/^#/\n&/' | cat -s)
printf '%s\n%s\n' "$(scripts/benchmarks/made-by.sh "$TARGET")" "$tables" \
	>"benchmarking/results/$TARGET.md"
