// SPDX-License-Identifier: Apache-2.0

//! The whole runtime, by signed transactions in real blocks.

mod accounts;
mod chain;
mod parameters;
mod presets;
mod proofs;
mod provers;
mod runtime;
mod sustained;
mod throughput;
mod weighing;
