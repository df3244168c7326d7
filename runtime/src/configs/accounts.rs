// SPDX-License-Identifier: Apache-2.0

//! Accounts of prover operators: batches, shared accounts and hot keys.

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
	/// Deposit for the first proxy of an account: one entry.
	pub const ProxyDepositBase: Balance = deposit(1, 40);
	/// Deposit for each proxy: an account, its type and its delay.
	pub const ProxyDepositFactor: Balance = deposit(0, 37);
	/// Maximum number of proxies of an account.
	pub const MaxProxies: u32 = 32;
	/// Deposit for the first announcement of a proxy: one entry.
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

/// Calls that a proxy may make in the name of the account that appointed it.
///
/// The filter of a proxied call also applies to the calls of a batch. It does not apply to calls of
/// a shared account, or of another account by its proxy. Only [`ProxyType::Any`] may make those.
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
	/// All calls.
	#[default]
	#[codec(index = 0)]
	Any,
	/// All calls that the account's owner needs daily and that do not transfer its money. Calls for
	/// other accounts that the owner can act for are excluded too. Includes [`ProxyType::Prover`],
	/// with its risks.
	#[codec(index = 1)]
	NonTransfer,
	/// Calls of a prover: all calls of the pool, which are `stake`, `withdraw`, `exit`,
	/// `set_operator` and `exit_for`, and `prove_block`. This is the type of the hot key on the
	/// machine that proves. A thief of the key can stake all tokens of the account, miss blocks and
	/// rescue them from another account. That earns a part of the slashes until the prover is
	/// ejected. An operator that the thief named can make the prover leave until the owner changes
	/// it. The thief can neither transfer tokens nor lock the owner out. Fund such an account
	/// only with tokens that you can afford to lose.
	#[codec(index = 2)]
	Prover,
}

impl ProxyType {
	/// Returns `true` if `call` only dispatches other calls. The filter also applies to each of
	/// them.
	fn is_batch(call: &RuntimeCall) -> bool {
		use pallet_utility::Call;
		matches!(
			call,
			RuntimeCall::Utility(
				Call::batch { .. } | Call::batch_all { .. } | Call::force_batch { .. }
			)
		)
	}

	/// Returns `true` if `call` changes the proxies of the account. The proxy pallet checks the
	/// type of a new proxy by [`InstanceFilter::is_superset`].
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
				| RuntimeCall::Rollup(pallet_rollup::Call::prove_block { .. })
		)
	}
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		match self {
			ProxyType::Any => true,
			// A list of allowed calls, so that calls of a later pallet are not allowed by accident.
			// Proposals of rollup blocks are excluded because they pay provers. Messages to other
			// chains are excluded too.
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
