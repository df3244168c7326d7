// SPDX-License-Identifier: Apache-2.0

//! The view functions as a runtime API, for clients without support for view functions.

use crate::{
	rules::parameters::Parameters,
	types::{Prover, ProverId, Staker},
};
use alloc::vec::Vec;
use codec::Codec;

sp_api::decl_runtime_apis! {
	/// Read access to the prover pool. Amounts are whole tokens, times seconds of the rollup's clock.
	pub trait ProverPoolApi<AccountId>
	where
		AccountId: Codec,
	{
		/// Returns the state of an account as a staker, and its slot. Both are all zero if they do
		/// not exist.
		fn get_staker(who: AccountId) -> (Staker, Prover);
		/// Returns the number of rollup blocks that the pool still takes.
		fn get_capacity() -> u32;
		/// Returns the weight of each slot in a draw at this fee, and the sum of the weights.
		fn get_weights(fee_per_gas: u32) -> (Vec<u128>, u128);
		/// Returns all members with their ids and accounts.
		fn provers() -> Vec<(ProverId, AccountId, Prover)>;
		/// Returns the smallest stake that enters now, or `None` if no stake can.
		fn entry_price() -> Option<u32>;
		/// Returns the effective values of the governed parameters.
		fn parameters() -> Parameters;
	}
}
