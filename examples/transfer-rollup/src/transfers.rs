// SPDX-License-Identifier: Apache-2.0

//! The rollup: 16 balances, and payloads of 8 transfers.
//!
//! Execution is total: every payload, gas limit and state has a result. An unprovable block would
//! halt the settlement of all blocks after it.

use crate::merkle;
use prover_pool_statement::Hash;

/// Number of accounts.
pub const ACCOUNTS: usize = 16;
/// Balance of each account at genesis.
pub const GENESIS_BALANCE: u64 = 1_000_000;
/// Number of transfers in a payload.
pub const TRANSFERS: usize = 8;
/// Size of a transfer, in bytes: sender, receiver, and the amount as `u32` in little-endian.
pub const TRANSFER_SIZE: usize = 6;
/// Size of a payload that is executed, in bytes.
pub const PAYLOAD_SIZE: usize = TRANSFERS * TRANSFER_SIZE;
/// Gas that a transfer uses.
pub const TRANSFER_GAS: u32 = 21_000;

/// State of the rollup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
	/// Balance of each account.
	pub balances: [u64; ACCOUNTS],
}

impl State {
	/// Returns the state before the first block.
	pub fn genesis() -> Self {
		Self { balances: [GENESIS_BALANCE; ACCOUNTS] }
	}

	/// Returns the root of the Poseidon tree over the balances, as a number in big-endian.
	pub fn root(&self) -> Hash {
		merkle::root(&self.balances)
	}

	/// Returns the state after a block, and the gas used.
	///
	/// A payload of another size than [`PAYLOAD_SIZE`] is a no-op. A transfer needs existing
	/// accounts, an amount above 0, enough balance of the sender, room at the receiver, and gas.
	/// Otherwise it is skipped and uses no gas.
	pub fn execute(&self, payload: &[u8], gas_limit: u32) -> (Self, u32) {
		let mut state = *self;
		let mut gas_left = gas_limit;
		if payload.len() == PAYLOAD_SIZE {
			for transfer in payload.chunks_exact(TRANSFER_SIZE) {
				let after = gas_left.checked_sub(TRANSFER_GAS).zip(state.transfer(transfer));
				if let Some((gas, balances)) = after {
					gas_left = gas;
					state = balances;
				}
			}
		}
		// Cannot underflow: the gas left only decreases.
		(state, gas_limit - gas_left)
	}

	/// Returns the state after one transfer, or `None` if it cannot run.
	fn transfer(&self, bytes: &[u8]) -> Option<Self> {
		let &[from, to, ref amount @ ..] = bytes else {
			return None;
		};
		let amount = u64::from(u32::from_le_bytes(amount.try_into().ok()?));
		if amount == 0 {
			return None;
		}
		let mut state = *self;
		let sender = state.balances.get_mut(usize::from(from))?;
		*sender = sender.checked_sub(amount)?;
		let receiver = state.balances.get_mut(usize::from(to))?;
		*receiver = receiver.checked_add(amount)?;
		Some(state)
	}
}
