// SPDX-License-Identifier: Apache-2.0

//! Pool of signed transactions, from which an author fills blocks.

use super::chain::*;
use crate::*;
use sp_core::{crypto::Pair as _, sr25519::Pair};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	DispatchResult,
};
use std::collections::VecDeque;

/// Number of transactions that do not fit before an author ends its block.
const MAX_SKIPPED: usize = 8;

/// Pool of signed transactions, which fills blocks by priority.
#[derive(Default)]
pub struct Transactions {
	/// Transactions of each account in the order of their nonces, with their priorities.
	queues: Vec<(AccountId, VecDeque<(u64, UncheckedExtrinsic)>)>,
	/// `true` if the last block was full.
	pub is_block_full: bool,
}

impl Transactions {
	/// Adds the next transaction of `who`. Returns its priority.
	pub fn add(
		&mut self,
		chain: &mut Chain,
		who: &Pair,
		call: RuntimeCall,
		tip: Balance,
	) -> Result<u64, TransactionValidityError> {
		let signer = AccountId::from(who.public());
		let index = self.queues.iter().position(|(account, _)| *account == signer);
		let waiting = index.map_or(0, |index| self.queues[index].1.len() as u32);
		let nonce = chain.look(|| System::account_nonce(&signer)) + waiting;
		let transaction = chain.look(|| signed_with_nonce(who, call, tip, nonce));
		let priority = chain.validate_signed(transaction.clone())?.priority;
		let index = index.unwrap_or_else(|| {
			self.queues.push((signer, VecDeque::new()));
			self.queues.len() - 1
		});
		self.queues[index].1.push_back((priority, transaction));
		Ok(priority)
	}

	/// Returns the number of transactions.
	pub fn len(&self) -> usize {
		self.queues.iter().map(|(_, queue)| queue.len()).sum()
	}

	/// Applies transactions by priority, until [`MAX_SKIPPED`] do not fit. Must run inside a block.
	pub fn apply(&mut self) -> Vec<DispatchResult> {
		let mut results = vec![];
		let mut skipped = vec![];
		while skipped.len() < MAX_SKIPPED {
			let best = (0..self.queues.len())
				.filter(|index| !skipped.contains(index))
				.filter_map(|index| Some((self.queues[index].1.front()?.0, index)))
				.max_by_key(|(priority, index)| (*priority, core::cmp::Reverse(*index)));
			let Some((_, index)) = best else { break };
			let (_, transaction) = self.queues[index].1.front().expect("it was found").clone();
			match apply(transaction) {
				Ok(result) => results.push(result),
				Err(TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources)) => {
					skipped.push(index);
					continue;
				},
				Err(_) => (),
			}
			self.queues[index].1.pop_front();
		}
		self.is_block_full = skipped.len() == MAX_SKIPPED;
		results
	}

	/// Makes a block from the transactions, and returns its events.
	pub fn block(&mut self, chain: &mut Chain) -> Vec<RuntimeEvent> {
		let (outcomes, hooks) = chain.make_block(|| self.apply());
		hooks
			.into_iter()
			.chain(outcomes.into_iter().flat_map(|outcome| outcome.events))
			.collect()
	}
}

/// Applies a transaction as a block author does: a transaction that does not fit changes nothing.
fn apply(transaction: UncheckedExtrinsic) -> Result<DispatchResult, TransactionValidityError> {
	sp_io::storage::start_transaction();
	let result = Executive::apply_extrinsic(transaction);
	match result {
		Ok(_) => sp_io::storage::commit_transaction(),
		Err(_) => sp_io::storage::rollback_transaction(),
	}
	result
}
