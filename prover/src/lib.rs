// SPDX-License-Identifier: Apache-2.0

//! A prover for the prover pool. It reads the rollup's queue at the best chain block and executes
//! the blocks in it. It proves the blocks that are assigned to it and those that are open to
//! anyone. Its totals follow the finalized chain blocks.
//!
//! - [`chain`] is the chain as a prover sees it. No other module knows names of pallets.
//! - [`rollup`] is the rollup that is proven. No other module knows its circuit.
//! - [`ledger`] has the states after the proposed blocks.
//! - [`queue`] has the blocks of the rollup's queue, and the rights of an account to prove them.
//! - [`schedule`] selects the next action.
//! - [`checkpoint`] has the files that survive a restart.
//! - [`worker`] combines them, and [`run`] reconnects it when the node fails.
//! - [`commands`] has the one-shot commands of an operator.
//!
//! All times are those of the chain. The prover never reads the clock of the machine.

pub mod chain;
pub mod checkpoint;
pub mod commands;
pub mod ledger;
pub mod metrics;
pub mod queue;
pub mod rollup;
pub mod run;
pub mod schedule;
pub mod signer;
pub mod text;
pub mod totals;
pub mod worker;
