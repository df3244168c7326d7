#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Times ways to divide in WebAssembly, compiled as a runtime is, in the engine of Node.js.

set -euo pipefail
cd "$(dirname "$0")/../.."
. build/env

rustc ${WASM_BUILD_TOOLCHAIN:+"+$WASM_BUILD_TOOLCHAIN"} --edition 2021 --target wasm32v1-none --crate-type cdylib \
	-C opt-level=3 -C lto=fat -C panic=abort -o build/division.wasm benchmarking/division/weight.rs
node benchmarking/division/time.mjs build/division.wasm
