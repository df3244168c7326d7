// SPDX-License-Identifier: Apache-2.0

//! Builds the runtime as WebAssembly.

use std::{env, path::Path};

fn main() {
	// The builder compresses no runtime of the dev profile, but such a runtime exceeds the size that
	// relay chains accept. `release` is the type that the builder chooses for this profile.
	if env::var("PROFILE").is_ok_and(|profile| profile == "debug")
		&& env::var_os("WASM_BUILD_TYPE").is_none()
	{
		env::set_var("WASM_BUILD_TYPE", "release");
	}
	// The builder compares the path with that of cargo, which has no `..` segments.
	let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml");
	let builder = substrate_wasm_builder::WasmBuilder::new()
		.with_project(runtime)
		.expect("the runtime's folder contains this package; qed")
		.export_heap_base()
		.import_memory();
	// Symbol and decimals are part of the hash that hardware wallets check. They must equal those
	// in the runtime's `constants`, which a test compares.
	#[cfg(feature = "metadata-hash")]
	let builder = builder.enable_metadata_hash("PPT", 12);
	builder.build();
}
