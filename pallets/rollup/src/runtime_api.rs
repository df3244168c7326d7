// SPDX-License-Identifier: Apache-2.0

//! Views of the rollup as a runtime API, for clients without view functions.

use crate::{
	block::BlockStatus,
	rules::parameters::Parameters,
	types::{ClockReading, Positions},
};
use alloc::vec::Vec;
use codec::Codec;
use prover_pool_primitives::BlockId;

sp_api::decl_runtime_apis! {
	/// Views of the rollup. `RollupBlock` is the pallet's `RollupBlockOf`.
	pub trait RollupApi<AccountId, Balance, RollupBlock>
	where
		AccountId: Codec,
		Balance: Codec,
		RollupBlock: Codec,
	{
		/// Returns an unsettled block, or that the block is settled; `None` before its proposal.
		fn block(block_id: BlockId) -> Option<BlockStatus<RollupBlock>>;
		/// Returns the blocks that are reserved for `prover` now and without a transition, in order.
		fn pending_blocks(prover: AccountId) -> Vec<BlockId>;
		/// Returns the open blocks without a transition that counts, in order.
		fn open_blocks() -> Vec<BlockId>;
		/// Returns the fee for a unit of gas, in the smallest unit of the currency.
		fn fee_per_gas() -> u32;
		/// Returns the proof window of a block drawn now, in seconds.
		fn proof_window(gas_limit: u32, payload_size: u32) -> u64;
		/// Returns the deposit for a proposal now, or `None` if the gas limit is not allowed.
		fn proposal_cost(gas_limit: u32, payload_size: u32) -> Option<Balance>;
		/// Returns the clock and the time that it has lost.
		fn clock() -> ClockReading;
		/// Returns the effective values of the governed parameters.
		fn parameters() -> Parameters;
		/// Returns the positions of the queue and the state roots at two of them.
		fn positions() -> Positions;
	}
}
