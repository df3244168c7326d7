// SPDX-License-Identifier: Apache-2.0

//! # Comparison Runtime
//!
//! Not a chain: a runtime for `frame-omni-bencher`, in which the prover pool, a port of it with a
//! storage entry for each prover and the collator selection of the Polkadot SDK stand side by side,
//! on the same accounts, clock and balances.
//!
//! - [`growth`] measures both pools at 1 to 1,024 provers.
//! - [`computation`] measures what an assignment computes, without storage.
//! - [`contenders`] is how it calls them.
//! - [`configs`] has the parameters, those of the prover pool's own runtime.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]

extern crate alloc;

pub mod computation;
pub mod configs;
pub mod contenders;
pub mod growth;

mod construct;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
#[cfg(test)]
mod tests;

pub use construct::*;

use sp_runtime::{
	generic,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};

/// An account, as in the pool's own runtime.
pub type AccountId = <<MultiSignature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Amounts of the token, in its smallest unit.
pub type Balance = u128;
/// A block.
pub type Block = generic::Block<
	generic::Header<u32, BlakeTwo256>,
	generic::UncheckedExtrinsic<MultiAddress<AccountId, ()>, RuntimeCall, MultiSignature, ()>,
>;
