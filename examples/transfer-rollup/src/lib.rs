// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]

pub use circuit::TransferCircuit;
pub use keys::Keys;
pub use prover::{prove, Error};
pub use transfers::State;

pub mod circuit;
pub mod keys;
pub mod prover;
pub mod service;
pub mod transfers;

mod execution;
mod merkle;

#[cfg(test)]
mod tests;
