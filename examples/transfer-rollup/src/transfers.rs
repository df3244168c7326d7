// SPDX-License-Identifier: Apache-2.0

//! The rollup: 16 balances, and payloads of 8 transfers.
//!
//! Execution is total: every payload, gas limit and state has a result. An unprovable block would
//! halt the settlement of all blocks after it.

use crate::merkle;
use sp_core::H256;

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

/// The state of the rollup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
	/// The balance of each account.
	pub balances: [u64; ACCOUNTS],
}

impl State {
	/// The state before the first block.
	pub fn genesis() -> Self {
		Self { balances: [GENESIS_BALANCE; ACCOUNTS] }
	}

	/// The root of the Poseidon tree over the balances, as a number in big-endian.
	pub fn root(&self) -> H256 {
		merkle::root(&self.balances)
	}

	/// The state after a block, and the gas that it used.
	///
	/// A payload of another size than [`PAYLOAD_SIZE`] does nothing. A transfer runs if both
	/// accounts exist, the amount is not 0, the sender has it, the receiver has room for it, and
	/// there is gas for it. Otherwise it is skipped and uses no gas.
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
		// It only went down.
		(state, gas_limit - gas_left)
	}

	/// The state after one transfer; `None` if it cannot run.
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
