// SPDX-License-Identifier: Apache-2.0

//! # Prover Pool Runtime
//!
//! A parachain runtime in which a rollup has its blocks proven by a pool of staked provers.
//!
//! - [`configs`] configures each pallet, in one file a subject. What governance can change without
//!   a runtime upgrade is in [`configs::dynamic_params`].
//! - [`randomness`] takes the seeds for drawing provers from the relay chain, and says what they
//!   can be attacked with.
//! - [`genesis_presets`] has the chains that a developer starts.
//! - [`weights`] has what everything costs, as measured.
//! - [`constants`] has what the node and the chain specifications share with the runtime.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]

extern crate alloc;

pub mod apis;
pub mod configs;
pub mod constants;
pub mod fees;
pub mod genesis_presets;
pub mod randomness;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
mod clock;
mod construct;

#[cfg(test)]
mod tests;

pub use clock::SlotClock;
pub use construct::*;
#[cfg(feature = "std")]
pub use prover_pool_runtime_wasm::*;

// `impl_opaque_keys` takes it from here in builds without the standard library.
#[cfg(not(feature = "std"))]
use alloc::vec::Vec;
use sp_runtime::{
	generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

/// Signatures of transactions: sr25519, ed25519 or ECDSA.
pub type Signature = MultiSignature;
/// An account: 32 bytes, from which the signature's kind cannot be told.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How transactions name accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// Amounts of the chain's token, in its smallest unit.
pub type Balance = u128;
/// Number of a block.
pub type BlockNumber = u32;
/// Number of an account's transactions.
pub type Nonce = u32;
/// Hashes of the chain.
pub type Hash = sp_core::H256;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A transaction or inherent as it travels.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// The keys of collators' slots.
pub type AuraId = sp_consensus_aura::sr25519::AuthorityId;

/// What every transaction is checked for, in this order.
///
/// The whole is wrapped so that a transaction gives back the proof size that it reserved and did
/// not use: `CheckWeight` must be inside of the wrapper.
pub type TxExtension = cumulus_pallet_weight_reclaim::StorageWeightReclaim<
	Runtime,
	(
		frame_system::AuthorizeCall<Runtime>,
		frame_system::CheckNonZeroSender<Runtime>,
		frame_system::CheckSpecVersion<Runtime>,
		frame_system::CheckTxVersion<Runtime>,
		frame_system::CheckGenesis<Runtime>,
		frame_system::CheckEra<Runtime>,
		frame_system::CheckNonce<Runtime>,
		frame_system::CheckWeight<Runtime>,
		pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
		frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
	),
>;

/// What executes blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

impl_opaque_keys! {
	/// The keys a collator registers.
	pub struct SessionKeys {
		/// The key of its slots.
		pub aura: Aura,
	}
}

/// The version of this runtime.
///
/// `spec_version` counts the releases. `transaction_version` changes with it when an existing
/// transaction would mean something else: wallets stop signing until they are updated.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: alloc::borrow::Cow::Borrowed("prover-pool"),
	impl_name: alloc::borrow::Cow::Borrowed("prover-pool"),
	authoring_version: 1,
	spec_version: 1,
	impl_version: 0,
	apis: apis::RUNTIME_API_VERSIONS,
	transaction_version: 1,
	system_version: 1,
};

cumulus_pallet_parachain_system::register_validate_block! {
	Runtime = Runtime,
	BlockExecutor = cumulus_pallet_aura_ext::BlockExecutor::<Runtime, Executive>,
}
