// SPDX-License-Identifier: Apache-2.0

//! The rollup's reads as a runtime API, for clients that do not know view functions.

use crate::types::RollupBlock;
use alloc::vec::Vec;
use codec::Codec;
use prover_pool_primitives::BlockId;

sp_api::decl_runtime_apis! {
	/// The reads of the rollup.
	pub trait RollupApi<AccountId, Balance, BlockNumber>
	where
		AccountId: Codec,
		Balance: Codec,
		BlockNumber: Codec,
	{
		/// A block that is not settled.
		fn block(block_id: BlockId) -> Option<RollupBlock<AccountId, Balance, BlockNumber>>;
		/// The blocks that `prover` alone may prove now, in order.
		fn pending_blocks(prover: AccountId) -> Vec<BlockId>;
	}
}
