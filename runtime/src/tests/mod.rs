// SPDX-License-Identifier: Apache-2.0

//! The whole runtime, by signed transactions in real blocks.

mod accounts;
mod calls;
mod chain;
mod copies;
mod declared_weights;
mod draws;
mod due_proofs;
#[cfg(feature = "try-runtime")]
mod exported;
mod junk;
mod keys;
mod lane_junk;
mod old_queue;
mod overrides;
mod parameters;
mod parameters_page;
mod presets;
mod proofs;
mod provers;
mod replacements;
mod room;
mod runtime;
mod soak;
mod stuffing;
mod transactions;
mod unseen_draws;
pub(crate) mod upgrade;
mod windows;
