// SPDX-License-Identifier: Apache-2.0

//! The runtime as embedded WebAssembly. `None` if it was built with `SKIP_WASM_BUILD`.
//!
//! A separate package, so that a chain can start before the native runtime is built. The program
//! writes the WebAssembly to standard output.

// The build script generates the file without documentation.
#![allow(missing_docs)]

include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
