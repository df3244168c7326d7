// SPDX-License-Identifier: Apache-2.0

//! Builds the WebAssembly of the runtime, which the bencher takes.

#[cfg(feature = "std")]
fn main() {
	substrate_wasm_builder::WasmBuilder::build_using_defaults();
}

#[cfg(not(feature = "std"))]
fn main() {}
