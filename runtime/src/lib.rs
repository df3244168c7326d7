// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
// The runtime macro generates public items without documentation. The modules warn again.
#![allow(missing_docs)]

extern crate alloc;

pub mod apis;
#[warn(missing_docs)]
pub mod configs;
#[warn(missing_docs)]
pub mod constants;
#[warn(missing_docs)]
pub mod fees;
#[warn(missing_docs)]
pub mod genesis_config_presets;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;

#[cfg(test)]
mod tests;

#[cfg(feature = "std")]
pub use prover_pool_runtime_wasm::*;

// `impl_opaque_keys` uses it in builds without the standard library.
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
/// Account id of 32 bytes, independent of the type of its signatures.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Address of an account in transactions.
pub type Address = MultiAddress<AccountId, ()>;
/// Amounts of the chain's token, in its smallest unit.
pub type Balance = u128;
/// Number of a block.
pub type BlockNumber = u32;
/// Number of transactions that an account has sent.
pub type Nonce = u32;
/// Hash of the chain.
pub type Hash = sp_core::H256;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Block of the chain.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// Encoded transaction or inherent.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// Key of a collator's slots.
pub type AuraId = sp_consensus_aura::sr25519::AuthorityId;

/// Checks of every transaction, in this order.
///
/// The wrapper returns the proof size that a transaction reserved but did not use. `CheckWeight`
/// must be inside it.
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
		// Sets the priority, so no extension may add to it.
		pallet_rollup::ProofLane<
			Runtime,
			pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
		>,
		frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
	),
>;

/// Execution of blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

impl_opaque_keys! {
	/// Keys that a collator registers.
	pub struct SessionKeys {
		/// Key of the collator's slots.
		pub aura: Aura,
	}
}

/// Version of this runtime.
///
/// `spec_version` counts the releases. `transaction_version` must change if an existing transaction
/// gets another meaning. Wallets then refuse to sign until they are updated.
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

// Pallet indices are part of every transaction and event. They are explicit, must never be reused,
// and leave room within each group.
//
// The macro generates `RuntimeCall`, `RuntimeEvent` and other types in the module that contains it,
// and the metadata has that module's path. Some clients find these types only at the crate root.
#[frame_support::runtime]
mod runtime {
	/// The runtime.
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	// System.
	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type ParachainSystem = cumulus_pallet_parachain_system;
	#[runtime::pallet_index(2)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(3)]
	pub type ParachainInfo = parachain_info;
	#[runtime::pallet_index(4)]
	pub type WeightReclaim = cumulus_pallet_weight_reclaim;
	#[runtime::pallet_index(5)]
	pub type RelayRandomness = pallet_relay_randomness;
	#[runtime::pallet_index(6)]
	pub type MultiBlockMigrations = pallet_migrations;

	// Money.
	#[runtime::pallet_index(10)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(11)]
	pub type TransactionPayment = pallet_transaction_payment;

	// Collators. `Authorship` must come before `Session`, which may replace the authors.
	// `AuraExt` must come after `Aura`, because it caches the authorities of `Aura`.
	#[runtime::pallet_index(20)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(21)]
	pub type CollatorSelection = pallet_collator_selection;
	#[runtime::pallet_index(22)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(23)]
	pub type Aura = pallet_aura;
	#[runtime::pallet_index(24)]
	pub type AuraExt = cumulus_pallet_aura_ext;

	// Messages of other chains.
	#[runtime::pallet_index(30)]
	pub type XcmpQueue = cumulus_pallet_xcmp_queue;
	#[runtime::pallet_index(31)]
	pub type PolkadotXcm = pallet_xcm;
	#[runtime::pallet_index(32)]
	pub type CumulusXcm = cumulus_pallet_xcm;
	#[runtime::pallet_index(33)]
	pub type MessageQueue = pallet_message_queue;

	// Accounts of operators.
	#[runtime::pallet_index(40)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(41)]
	pub type Multisig = pallet_multisig;
	#[runtime::pallet_index(42)]
	pub type Proxy = pallet_proxy;

	// Governance.
	#[runtime::pallet_index(50)]
	pub type Parameters = pallet_parameters;
	#[runtime::pallet_index(51)]
	pub type Sudo = pallet_sudo;

	// The rollup and its provers.
	#[runtime::pallet_index(60)]
	pub type ProverPool = pallet_prover_pool;
	#[runtime::pallet_index(61)]
	pub type Rollup = pallet_rollup;
	#[runtime::pallet_index(62)]
	pub type Groth16Verifier = pallet_groth16_verifier;
}

cumulus_pallet_parachain_system::register_validate_block! {
	Runtime = Runtime,
	BlockExecutor = cumulus_pallet_aura_ext::BlockExecutor::<Runtime, Executive>,
}
