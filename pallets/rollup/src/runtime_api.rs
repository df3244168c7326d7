// SPDX-License-Identifier: Apache-2.0

//! The rollup's reads as a runtime API, for clients that do not know view functions.

use crate::types::BlockStatus;
use alloc::vec::Vec;
use codec::Codec;
use prover_pool_primitives::BlockId;

sp_api::decl_runtime_apis! {
	/// The reads of the rollup. `RollupBlock` is the pallet's `RollupBlockOf`.
	pub trait RollupApi<AccountId, Balance, RollupBlock>
	where
		AccountId: Codec,
		Balance: Codec,
		RollupBlock: Codec,
	{
		/// A block, while it is not settled, or that it is; `None` if it was never proposed.
		fn block(block_id: BlockId) -> Option<BlockStatus<RollupBlock>>;
		/// The blocks that `prover` alone may prove now and has not, in order.
		fn pending_blocks(prover: AccountId) -> Vec<BlockId>;
		/// The blocks that anyone may prove now and nobody has, in order.
		fn open_blocks() -> Vec<BlockId>;
		/// The fee for a unit of gas, in the smallest unit of the currency.
		fn fee_per_gas() -> u32;
		/// How long a block proposed now is its drawn prover's alone, in seconds.
		fn proof_window() -> u64;
		/// The most that proposing a block with this gas limit can put on hold now; `None` if the
		/// gas limit is not allowed.
		fn proposal_cost(gas_limit: u32) -> Option<Balance>;
	}
}
