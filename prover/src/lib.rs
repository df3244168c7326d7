// SPDX-License-Identifier: Apache-2.0

//! A prover for the prover pool: follows the finalized blocks of the chain, executes the rollup
//! blocks that are proposed there, proves the ones it is drawn for, and those that are open to
//! everyone, and sends the proofs.
//!
//! - [`chain`] is the chain as a prover sees it: the only place that knows names of pallets.
//! - [`rollup`] is the rollup that is proven: the only place that knows its circuit.
//! - [`ledger`] has the states that the proposed blocks lead to.
//! - [`schedule`] decides what to do next.
//! - [`checkpoint`] is what survives a restart.
//! - [`worker`] puts them together, and [`run`] keeps it going while nodes come and go.
//! - [`commands`] are the rest of what an operator does.
//!
//! All time is the chain's: the clock of the machine is never read.

pub mod chain;
pub mod checkpoint;
pub mod commands;
pub mod ledger;
pub mod metrics;
pub mod rollup;
pub mod run;
pub mod schedule;
pub mod signer;
pub mod text;
pub mod totals;
pub mod worker;
