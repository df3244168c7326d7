// SPDX-License-Identifier: Apache-2.0

//! What happens on the chain, as far as a prover cares.

use crate::text::tokens;
use anyhow::Result;
use scale_decode::{DecodeAsFields, DecodeAsType};
use subxt::{
	events::Event as ChainEvent,
	utils::{AccountId32, H256},
	SubstrateConfig,
};

/// Declares the events with the names that they and their fields have on the chain.
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

		/// What happened on the chain.
		#[derive(Clone, Debug, PartialEq, Eq)]
		pub enum Event { $( $(#[$doc])* $name($name), )* }

		impl Event {
			/// The event, if it is one that a prover cares about.
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
		/// The most gas that its execution may use.
		gas_limit: u32,
		/// The prover that was drawn, if any.
		assigned: Option<AccountId32>,
		/// The last second of its window, in Unix seconds.
		closes_at: u64,
	}
	/// A rollup block was proven.
	"Rollup" BlockProven {
		/// The block.
		block_id: u64,
		/// The state before it.
		parent_state: H256,
		/// The state after it.
		new_state: H256,
		/// Who proved it.
		prover: AccountId32,
	}
	/// A rollup block was settled.
	"Rollup" BlockSettled {
		/// The block.
		block_id: u64,
		/// The state after it.
		new_state: H256,
		/// Who is paid for it, if anyone.
		prover: Option<AccountId32>,
		/// What the prover got from the proposer, in the smallest unit of the currency.
		reward: u128,
		/// What the prover got of a slash, in the smallest unit of the currency.
		bounty: u128,
	}
	/// A prover missed its window.
	"Rollup" WindowClosed {
		/// The block.
		block_id: u64,
		/// Who missed it.
		missed_by: AccountId32,
	}
	/// A proven transition was replaced.
	"Rollup" TransitionOverridden {
		/// The block.
		block_id: u64,
		/// The state before it.
		parent_state: H256,
		/// The state after it, from now on.
		new_state: H256,
	}
	/// A prover took a place in the pool.
	"ProverPool" Staked {
		/// The prover.
		who: AccountId32,
		/// Its stake, in whole tokens.
		amount: u32,
		/// Its price for a unit of gas, in the smallest unit of the currency.
		reward_per_gas: u16,
		/// How many blocks it takes now.
		current_capacity: u16,
	}
	/// A prover left the pool.
	"ProverPool" Exited {
		/// The prover.
		who: AccountId32,
		/// The stake that went into exit, in whole tokens.
		amount: u32,
	}
	/// A stake that left the pool was paid out.
	"ProverPool" Withdrawn {
		/// The staker.
		who: AccountId32,
		/// What was released, in whole tokens.
		amount: u32,
	}
	/// A prover was slashed.
	"ProverPool" Slashed {
		/// The prover.
		who: AccountId32,
		/// What was taken, in whole tokens.
		amount: u32,
		/// The block that it missed.
		block_id: u64,
	}
}

impl Event {
	/// Whether the event is about this account, or about all.
	pub fn concerns(&self, account: &AccountId32) -> bool {
		match self {
			Self::BlockProposed(event) => event.assigned.as_ref() == Some(account),
			Self::BlockProven(event) => event.prover == *account,
			Self::BlockSettled(event) => event.prover.as_ref() == Some(account),
			Self::WindowClosed(event) => event.missed_by == *account,
			Self::TransitionOverridden(_) => true,
			Self::Staked(event) => event.who == *account,
			Self::Exited(event) => event.who == *account,
			Self::Withdrawn(event) => event.who == *account,
			Self::Slashed(event) => event.who == *account,
		}
	}

	/// The event in plain words. `one_token` is what a whole token is worth.
	pub fn describe(&self, one_token: u128) -> String {
		match self {
			Self::BlockProposed(BlockProposed { block_id, assigned: Some(who), .. }) => {
				format!("{who} was drawn for block {block_id}.")
			},
			Self::BlockProposed(BlockProposed { block_id, assigned: None, .. }) => {
				format!("Block {block_id} was proposed, and is open to everyone.")
			},
			Self::BlockProven(BlockProven { block_id, prover, .. }) => {
				format!("{prover} proved block {block_id}.")
			},
			Self::BlockSettled(BlockSettled { block_id, prover: None, .. }) => {
				format!("Block {block_id} is settled, and nobody is paid.")
			},
			Self::BlockSettled(event) => format!(
				"Block {} is settled, and pays a reward of {} tokens and a bounty of {}.",
				event.block_id,
				tokens(event.reward, one_token),
				tokens(event.bounty, one_token),
			),
			Self::WindowClosed(WindowClosed { block_id, missed_by }) => {
				format!("{missed_by} missed block {block_id}.")
			},
			Self::TransitionOverridden(TransitionOverridden { block_id, .. }) => {
				format!("What was proven of block {block_id} was overridden.")
			},
			Self::Staked(event) => format!(
				"{} is in the pool with a stake of {} tokens and a price of {} for a unit of gas, \
				 and takes {} blocks now.",
				event.who, event.amount, event.reward_per_gas, event.current_capacity,
			),
			Self::Exited(Exited { who, amount }) => {
				format!("{who} left the pool: {amount} tokens went into exit.")
			},
			Self::Withdrawn(Withdrawn { who, amount }) => {
				format!("{who} was paid out {amount} tokens.")
			},
			Self::Slashed(Slashed { who, amount, block_id }) => {
				format!("{who} was slashed by {amount} tokens for missing block {block_id}.")
			},
		}
	}
}
