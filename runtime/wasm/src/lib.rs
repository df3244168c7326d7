// SPDX-License-Identifier: Apache-2.0

//! The runtime as WebAssembly, embedded. `None` when the build was told to skip it.
//!
//! A package of its own, since building it takes nothing of the native runtime: a chain can start
//! before that is built. The program writes it to standard output.

// The file is made by the build script, without documentation.
#![allow(missing_docs)]

include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
