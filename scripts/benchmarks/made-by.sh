#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Prints what a result begins with: that the target $1 of make made it, and on which machine.

set -euo pipefail

echo "Made by \`make $1\` on $(sed -n '/^model name/{s/.*: //p;q}' /proc/cpuinfo), $(nproc) cores."
