// SPDX-License-Identifier: Apache-2.0

//! A prover for the prover pool. It reads the rollup's queue at the best chain block and executes
//! the blocks in it. It proves the blocks that are assigned to it and those that are open to
//! anyone. Its books follow the finalized chain blocks.
//!
//! - [`chain`] is the chain as a prover sees it. No other module knows names of pallets.
//! - [`rollup`] is the rollup that is proven. No other module knows its circuit.
//! - [`ledger`] has the states after the proposed blocks.
//! - [`queue`] has the blocks of the rollup's queue, and the rights of an account to prove them.
//! - [`work`] is the work for a block, [`schedule`] selects the next action, and [`terms`] the terms of
//!   a transaction.
//! - [`trouble`] has the reasons for which blocks cannot be proven.
//! - [`checkpoint`] is what survives a restart, [`folder`] has its files, and [`state_file`] the file
//!   by which another prover starts.
//! - [`worker`] combines them, and [`run`] reconnects it when the node fails.
//! - [`cli`] is the command line with its configuration file, and [`commands`] has the one-shot
//!   commands of an operator.
//! - [`metrics`] and [`http`] show what the prover does, and so do [`log`], [`heartbeat`] and
//!   [`progress`].
//!
//! All times are those of the chain. The clock of the machine decides only when a node counts as
//! dead, and when the log has a report.

pub mod chain;
pub mod checkpoint;
pub mod cli;
pub mod commands;
mod config;
pub mod folder;
pub mod heartbeat;
pub mod http;
pub mod ledger;
pub mod log;
pub mod metrics;
mod nodes;
pub mod progress;
pub mod queue;
pub mod rollup;
pub mod run;
pub mod schedule;
pub mod signer;
pub mod state_file;
pub mod terms;
pub mod text;
pub mod totals;
pub mod trouble;
pub mod work;
pub mod worker;
