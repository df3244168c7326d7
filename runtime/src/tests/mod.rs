// SPDX-License-Identifier: Apache-2.0

//! The whole runtime, by signed transactions in real blocks.

mod accounts;
mod chain;
mod declared_weights;
mod draws;
mod due_proofs;
#[cfg(feature = "try-runtime")]
mod exported;
mod keys;
mod parameters;
mod parameters_page;
mod presets;
mod proofs;
mod provers;
mod room;
mod runtime;
mod soak;
mod transactions;
pub(crate) mod upgrade;
