// SPDX-License-Identifier: Apache-2.0

//! Builds the runtime as WebAssembly, which is what chain specifications and nodes take.

#[cfg(feature = "std")]
fn main() {
	let builder = substrate_wasm_builder::WasmBuilder::new()
		.with_current_project()
		.export_heap_base()
		.import_memory();
	// Symbol and decimals are part of the hash that a hardware wallet checks: they must be the
	// same as in `src/constants.rs`, which a test compares.
	#[cfg(feature = "metadata-hash")]
	let builder = builder.enable_metadata_hash("PPT", 12);
	builder.build();
}

#[cfg(not(feature = "std"))]
fn main() {}
