// SPDX-License-Identifier: Apache-2.0

//! The pallets of the runtime.
//!
//! Indices are part of every transaction and event, hence they are explicit, never reused, and
//! leave room within each group.

// Most of what is public here is made by the macro, without documentation.
#![allow(missing_docs)]

use alloc::vec::Vec;
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::traits::Block as BlockT;

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
	pub type RelayRandomness = crate::randomness;

	// Money.
	#[runtime::pallet_index(10)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(11)]
	pub type TransactionPayment = pallet_transaction_payment;

	// Collators. `Authorship` must come before `Session`, which may replace the authors, and
	// `AuraExt` after `Aura`, whose authorities it caches.
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

	// What the chain is for.
	#[runtime::pallet_index(60)]
	pub type ProverPool = pallet_prover_pool;
	#[runtime::pallet_index(61)]
	pub type Rollup = pallet_rollup;
	#[runtime::pallet_index(62)]
	pub type Groth16Verifier = pallet_groth16_verifier;
}

// The macro keeps the trait that knows all pallets' inherents to this module.

/// The inherents that the pallets make from `data`.
pub(crate) fn create_inherents(data: InherentData) -> Vec<crate::UncheckedExtrinsic> {
	data.create_extrinsics()
}

/// What the pallets say of the inherents of `block`.
pub(crate) fn check_inherents(
	data: InherentData,
	block: <crate::Block as BlockT>::LazyBlock,
) -> CheckInherentsResult {
	data.check_extrinsics(&block)
}
