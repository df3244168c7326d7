// SPDX-License-Identifier: Apache-2.0

//! Blocks of the runtime, executed in WebAssembly as the relay chain's validators do.
//!
//! A collator's executor makes the blocks, and the validators' executor validates them with their
//! storage proofs alone. Run `cargo build` first: the proofs are made by `transfer-rollup`.

mod accepted;
mod candidate;
mod chain;
mod proofs;
mod refused;
mod relay;
mod transactions;
mod upgrade;
mod validator;
