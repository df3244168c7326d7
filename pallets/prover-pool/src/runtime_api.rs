// SPDX-License-Identifier: Apache-2.0

//! The pool's reads as a runtime API, for clients that do not know view functions.

use crate::types::{Prover, ProverId, Staker};
use alloc::vec::Vec;
use codec::Codec;

sp_api::decl_runtime_apis! {
	/// The reads of the prover pool. Amounts are whole tokens, times Unix seconds.
	pub trait ProverPoolApi<AccountId>
	where
		AccountId: Codec,
	{
		/// What is known of an account as a staker, and its slot; all zero where there is none.
		fn get_staker(who: AccountId) -> (Staker, Prover);
		/// How many more rollup blocks the pool takes now.
		fn get_capacity() -> u32;
		/// The weight of each slot at this fee in a draw at the present time, and their sum.
		fn get_weights(fee_per_gas: u32) -> (Vec<u128>, u128);
		/// All members with their ids and accounts.
		fn provers() -> Vec<(ProverId, AccountId, Prover)>;
		/// The smallest stake that gets in now; `None` when none can.
		fn entry_price() -> Option<u32>;
	}
}
