// SPDX-License-Identifier: Apache-2.0

//! How operators of provers handle their accounts: batches, shared accounts and hot keys.

use crate::{
	constants::deposit, Balance, Balances, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, System,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	parameter_types,
	traits::{ConstU32, InstanceFilter},
};
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

impl pallet_utility::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PalletsOrigin = OriginCaller;
	type WeightInfo = crate::weights::pallet_utility::WeightInfo<Runtime>;
}

parameter_types! {
	/// Deposit for an open multisig operation: one entry, with its key, approvals and depositor.
	pub const MultisigDepositBase: Balance = deposit(1, 88);
	/// Deposit for each signatory that an operation waits for: an account.
	pub const MultisigDepositFactor: Balance = deposit(0, 32);
	/// Deposit for having proxies at all: one entry.
	pub const ProxyDepositBase: Balance = deposit(1, 40);
	/// Deposit for each proxy: an account, its type and its delay.
	pub const ProxyDepositFactor: Balance = deposit(0, 37);
	/// How many proxies an account may have.
	pub const MaxProxies: u32 = 32;
	/// Deposit for having announcements at all: one entry.
	pub const AnnouncementDepositBase: Balance = deposit(1, 48);
	/// Deposit for each announcement: two hashes and a block number.
	pub const AnnouncementDepositFactor: Balance = deposit(0, 68);
}

impl pallet_multisig::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type DepositBase = MultisigDepositBase;
	type DepositFactor = MultisigDepositFactor;
	type MaxSignatories = ConstU32<100>;
	type WeightInfo = crate::weights::pallet_multisig::WeightInfo<Runtime>;
	type BlockNumberProvider = System;
}

/// What a proxy may do in the name of the account that appointed it.
///
/// The filter of a proxied call is carried along to the calls of a batch, which so holds nothing that
/// its proxy could not do by itself. A shared account, or another account by its proxy, acts without
/// that filter, so only [`ProxyType::Any`] reaches those.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
	Default,
)]
pub enum ProxyType {
	/// Everything.
	#[default]
	#[codec(index = 0)]
	Any,
	/// Everything that the account's owner needs in daily business, and that does not send its
	/// money away, nor that of accounts that the owner has a say in. It includes
	/// [`ProxyType::Prover`], with what can be lost by it.
	#[codec(index = 1)]
	NonTransfer,
	/// The business of a prover: stake, exit, withdraw and prove. This is the hot key on the
	/// machine that proves. Whoever steals it can stake all of the account's tokens, leave work
	/// undone and rescue it from another account, which brings it a part of the slashes until the
	/// stake is ejected. It can neither move the rest nor lock the owner out. Have only what may be
	/// lost on an account with such a key.
	#[codec(index = 2)]
	Prover,
}

impl ProxyType {
	/// Whether `call` only hands on other calls, each of which is filtered again.
	fn is_batch(call: &RuntimeCall) -> bool {
		use pallet_utility::Call;
		matches!(
			call,
			RuntimeCall::Utility(
				Call::batch { .. } | Call::batch_all { .. } | Call::force_batch { .. }
			)
		)
	}

	/// Whether `call` changes who else may act for the account. Whom it may appoint is checked by
	/// [`InstanceFilter::is_superset`].
	fn is_about_proxies(call: &RuntimeCall) -> bool {
		use pallet_proxy::Call;
		matches!(
			call,
			RuntimeCall::Proxy(
				Call::add_proxy { .. }
					| Call::remove_proxy { .. }
					| Call::remove_proxies { .. }
					| Call::reject_announcement { .. }
			)
		)
	}

	fn is_prover_business(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::ProverPool(..)
				| RuntimeCall::Rollup(
					pallet_rollup::Call::prove_block { .. }
						| pallet_rollup::Call::settle_blocks { .. }
				)
		)
	}
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		match self {
			ProxyType::Any => true,
			// A list of what is allowed, so that a pallet that is added later is not by accident.
			// Proposing a rollup block is not on it, since it pays a prover. Neither is sending
			// messages to other chains.
			ProxyType::NonTransfer => {
				Self::is_batch(call)
					|| Self::is_prover_business(call)
					|| Self::is_about_proxies(call)
					|| matches!(
						call,
						RuntimeCall::System(..)
							| RuntimeCall::CollatorSelection(..)
							| RuntimeCall::Session(..)
					)
			},
			ProxyType::Prover => Self::is_batch(call) || Self::is_prover_business(call),
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		match (self, other) {
			(ProxyType::Any, _) => true,
			(_, ProxyType::Any) => false,
			(ProxyType::NonTransfer, _) => true,
			(ProxyType::Prover, ProxyType::Prover) => true,
			(ProxyType::Prover, ProxyType::NonTransfer) => false,
		}
	}
}

impl pallet_proxy::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type ProxyType = ProxyType;
	type ProxyDepositBase = ProxyDepositBase;
	type ProxyDepositFactor = ProxyDepositFactor;
	type MaxProxies = MaxProxies;
	type WeightInfo = crate::weights::pallet_proxy::WeightInfo<Runtime>;
	type MaxPending = ConstU32<32>;
	type CallHasher = BlakeTwo256;
	type AnnouncementDepositBase = AnnouncementDepositBase;
	type AnnouncementDepositFactor = AnnouncementDepositFactor;
	type BlockNumberProvider = System;
}
