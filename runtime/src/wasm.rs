// SPDX-License-Identifier: Apache-2.0

//! The runtime as WebAssembly, embedded. `None` when the build was told to skip it.

// The file is made by the build script, without documentation.
#![allow(missing_docs)]

include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
