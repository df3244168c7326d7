// SPDX-License-Identifier: Apache-2.0

//! Events of the chain that concern a prover.

use crate::{ledger::Proposal, text::tokens};
use anyhow::Result;
use scale_decode::{DecodeAsFields, DecodeAsType};
use subxt::{
	events::Event as ChainEvent,
	utils::{AccountId32, H256},
	SubstrateConfig,
};

/// Declares the events. They and their fields must have the names that the chain uses.
macro_rules! events {
	($(
		$(#[$doc:meta])*
		$pallet:literal $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty, )* }
	)*) => {
		$(
			$(#[$doc])*
			#[derive(DecodeAsType, Clone, Debug, PartialEq, Eq)]
			pub struct $name { $( $(#[$field_doc])* pub $field: $type, )* }
		)*

		/// Event of the chain.
		#[derive(Clone, Debug, PartialEq, Eq)]
		pub enum Event { $( $(#[$doc])* $name($name), )* }

		impl Event {
			/// Returns the event, if it concerns provers.
			pub(super) fn decode(event: &ChainEvent<'_, SubstrateConfig>) -> Result<Option<Self>> {
				Ok(match (event.pallet_name(), event.event_name()) {
					$( ($pallet, stringify!($name)) => Some(Self::$name(fields(event)?)), )*
					_ => None,
				})
			}
		}
	};
}

fn fields<T: DecodeAsFields>(event: &ChainEvent<'_, SubstrateConfig>) -> Result<T> {
	Ok(event.decode_fields_unchecked_as()?)
}

events! {
	/// A rollup block was proposed.
	"Rollup" BlockProposed {
		/// The block.
		block_id: u64,
		/// SHA-256 of its payload.
		payload_hash: H256,
		/// Size of its payload, in bytes.
		payload_size: u32,
		/// Maximum gas of its execution.
		gas_limit: u32,
	}
	/// A rollup block was assigned to a prover.
	"Rollup" BlockAssigned {
		/// The block.
		block_id: u64,
		/// Assigned prover.
		prover: AccountId32,
		/// Price of a unit of gas, in the smallest unit of the currency.
		reward_per_gas: u32,
		/// Last second of the assignment, by the rollup's clock.
		deadline: u64,
	}
	/// A rollup block was opened to anyone.
	"Rollup" BlockOpened {
		/// The block.
		block_id: u64,
	}
	/// A transition was stored. It waits until the block before is proven.
	"Rollup" TransitionStored {
		/// The block.
		block_id: u64,
		/// Assigned prover.
		prover: AccountId32,
	}
	/// A rollup block became proven.
	"Rollup" BlockProven {
		/// The block.
		block_id: u64,
		/// Account to be paid, if any.
		prover: Option<AccountId32>,
	}
	/// A transition was discarded, because it does not build on the proven state root or its key
	/// was replaced.
	"Rollup" TransitionDiscarded {
		/// The block.
		block_id: u64,
		/// Account that the proof named.
		prover: AccountId32,
	}
	/// The deadline of a rollup block passed without a transition that counts.
	"Rollup" AssignmentMissed {
		/// The block.
		block_id: u64,
		/// Prover that is slashed when the block settles.
		prover: AccountId32,
	}
	/// A rollup block was settled.
	"Rollup" BlockSettled {
		/// The block.
		block_id: u64,
		/// State root after it.
		state_root: H256,
		/// Account that proved it, if any.
		prover: Option<AccountId32>,
		/// Amount that the proposer paid to the prover, in the smallest unit of the currency.
		reward: u128,
		/// Amount of a slash that the prover got, in the smallest unit of the currency.
		bounty: u128,
	}
	/// A state root was overridden. All later drawn blocks are open.
	"Rollup" BlockOverridden {
		/// The block.
		block_id: u64,
		/// State root after it.
		state_root: H256,
	}
	/// The rollup was paused.
	"Rollup" Paused {}
	/// The rollup was resumed.
	"Rollup" Resumed {}
	/// The draws were resumed after an override.
	"Rollup" DrawsResumed {}
	/// A prover took a place in the pool.
	"ProverPool" Staked {
		/// The prover.
		who: AccountId32,
		/// Its stake, in whole tokens.
		amount: u32,
		/// Its price for a unit of gas, in the smallest unit of the currency.
		reward_per_gas: u16,
		/// Free capacity, in blocks.
		current_capacity: u16,
	}
	/// A prover left the pool.
	"ProverPool" Exited {
		/// The prover.
		who: AccountId32,
		/// Stake in exit, in whole tokens.
		amount: u32,
	}
	/// A mature exit was withdrawn.
	"ProverPool" Withdrawn {
		/// The staker.
		who: AccountId32,
		/// Amount released, in whole tokens.
		amount: u32,
	}
	/// A prover was slashed.
	"ProverPool" Slashed {
		/// The prover.
		who: AccountId32,
		/// Amount slashed, in whole tokens.
		amount: u32,
		/// The block that it missed.
		block_id: u64,
	}
	/// The fee of a transaction was charged.
	"TransactionPayment" TransactionFeePaid {
		/// Signer of the transaction.
		who: AccountId32,
		/// The fee with the tip, in the smallest unit of the currency.
		actual_fee: u128,
	}
	/// A prover named an operator, or removed it.
	"ProverPool" OperatorSet {
		/// The prover.
		who: AccountId32,
		/// New operator, if any.
		operator: Option<AccountId32>,
	}
}

/// Event in a chain block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
	/// The event.
	pub event: Event,
	/// Index of the extrinsic that emitted it, if an extrinsic did.
	pub extrinsic: Option<u32>,
}

impl BlockProposed {
	/// Returns the block as it was proposed in this chain block.
	pub fn proposal(&self, proposed_in: u64) -> Proposal {
		let Self { payload_hash, payload_size, gas_limit, .. } = *self;
		Proposal { payload_hash, payload_size, gas_limit, proposed_in }
	}
}

impl Event {
	/// Returns `true` if the event concerns this account or all provers.
	pub fn concerns(&self, account: &AccountId32) -> bool {
		match self {
			Self::BlockProposed(_) | Self::BlockOpened(_) | Self::TransactionFeePaid(_) => false,
			Self::BlockOverridden(_)
			| Self::Paused(_)
			| Self::Resumed(_)
			| Self::DrawsResumed(_) => true,
			Self::BlockAssigned(event) => event.prover == *account,
			Self::TransitionStored(event) => event.prover == *account,
			Self::BlockProven(event) => event.prover.as_ref() == Some(account),
			Self::TransitionDiscarded(event) => event.prover == *account,
			Self::AssignmentMissed(event) => event.prover == *account,
			Self::BlockSettled(event) => event.prover.as_ref() == Some(account),
			Self::Staked(event) => event.who == *account,
			Self::Exited(event) => event.who == *account,
			Self::Withdrawn(event) => event.who == *account,
			Self::Slashed(event) => event.who == *account,
			Self::OperatorSet(event) => event.who == *account,
		}
	}

	/// Returns `true` if the event reports a proof by this account.
	pub fn is_proof_by(&self, account: &AccountId32) -> bool {
		match self {
			Self::TransitionStored(event) => event.prover == *account,
			Self::BlockProven(event) => event.prover.as_ref() == Some(account),
			_ => false,
		}
	}

	/// Returns the event as a sentence. `one_token` is the value of a whole token in the smallest
	/// unit of the currency.
	pub fn describe(&self, one_token: u128) -> String {
		self.rollup_text(one_token)
			.or_else(|| self.pool_text(one_token))
			.unwrap_or_default()
	}

	fn rollup_text(&self, one_token: u128) -> Option<String> {
		Some(match self {
			Self::BlockProposed(event) => format!("Block {} was proposed.", event.block_id),
			Self::BlockAssigned(BlockAssigned { block_id, prover, deadline, .. }) => {
				format!("Block {block_id} is assigned to {prover}, with the deadline {deadline}.")
			},
			Self::BlockOpened(event) => format!("Block {} is open to anyone.", event.block_id),
			Self::TransitionStored(TransitionStored { block_id, prover }) => {
				format!("{prover} proved block {block_id}, which waits for the block before.")
			},
			Self::BlockProven(BlockProven { block_id, prover: Some(prover) }) => {
				format!("Block {block_id} is proven by {prover}.")
			},
			Self::BlockProven(event) => format!("Block {} is proven.", event.block_id),
			Self::TransitionDiscarded(TransitionDiscarded { block_id, prover }) => {
				format!("The proof of block {block_id} by {prover} was discarded.")
			},
			Self::AssignmentMissed(AssignmentMissed { block_id, prover }) => {
				format!("{prover} missed block {block_id}.")
			},
			Self::BlockSettled(event) => format!(
				"Block {} is settled. It pays a reward of {} tokens and a bounty of {}.",
				event.block_id,
				tokens(event.reward, one_token),
				tokens(event.bounty, one_token),
			),
			Self::BlockOverridden(BlockOverridden { block_id, state_root }) => {
				format!("The state root after block {block_id} was overridden by {state_root:?}.")
			},
			Self::Paused(_) => "The rollup is paused.".into(),
			Self::Resumed(_) => "The rollup is resumed.".into(),
			Self::DrawsResumed(_) => "The draws are resumed.".into(),
			_ => return None,
		})
	}

	fn pool_text(&self, one_token: u128) -> Option<String> {
		Some(match self {
			Self::Staked(event) => format!(
				"{} is in the pool with a stake of {} tokens, a price of {} for a unit of gas, \
				 and a free capacity of {} blocks.",
				event.who, event.amount, event.reward_per_gas, event.current_capacity,
			),
			Self::Exited(Exited { who, amount }) => {
				format!("{who} left the pool with {amount} tokens in exit.")
			},
			Self::Withdrawn(Withdrawn { who, amount }) => {
				format!("{who} withdrew {amount} tokens.")
			},
			Self::Slashed(Slashed { who, amount, block_id }) => {
				format!("{who} was slashed by {amount} tokens for missing block {block_id}.")
			},
			Self::TransactionFeePaid(TransactionFeePaid { who, actual_fee }) => {
				format!("{who} paid a fee of {} tokens.", tokens(*actual_fee, one_token))
			},
			Self::OperatorSet(OperatorSet { who, operator: Some(operator) }) => {
				format!("{operator} is the operator of {who}.")
			},
			Self::OperatorSet(OperatorSet { who, operator: None }) => {
				format!("{who} has no operator.")
			},
			_ => return None,
		})
	}
}
