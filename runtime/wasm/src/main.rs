// SPDX-License-Identifier: Apache-2.0

//! Writes the runtime's WebAssembly to standard output.

use prover_pool_runtime_wasm::WASM_BINARY;
use std::io::{self, Error, Write};

fn main() -> io::Result<()> {
	let code = WASM_BINARY
		.ok_or_else(|| Error::other("built with SKIP_WASM_BUILD: rebuild without it"))?;
	io::stdout().write_all(code)
}
