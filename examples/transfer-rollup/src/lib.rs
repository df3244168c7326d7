// SPDX-License-Identifier: Apache-2.0

//! An example of a rollup that can be proven: payloads of transfers between 16 accounts.
//!
//! - [`transfers`] is the rollup: what its state is, and what a payload does to it.
//! - [`circuit`] is the same as constraints, which a proof shows to be satisfied.
//! - [`keys`] has the keys that proofs are made and verified with, and the warning about them.
//! - [`prover`] makes proofs as the chain takes them.
//! - [`service`] does so for programs in other languages.
//!
//! It is an example. The signatures of transfers are not checked: whoever proposes a block moves
//! the balances of everybody.

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
