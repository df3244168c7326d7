// SPDX-License-Identifier: Apache-2.0

//! Values that the runtime shares with the node and the chain specifications.

use crate::{Balance, BlockNumber};

/// Symbol of the chain's token, for wallets.
pub const TOKEN_SYMBOL: &str = "PPT";
/// Decimal places of the chain's token.
pub const TOKEN_DECIMALS: u8 = 12;
/// One whole token. Stakes of provers are counted in these.
pub const UNIT: Balance = 1_000_000_000_000;
/// A thousandth of a token.
pub const MILLI_UNIT: Balance = UNIT / 1_000;
/// A millionth of a token.
pub const MICRO_UNIT: Balance = MILLI_UNIT / 1_000;
/// Minimum balance of an account: a hundredth of a token. Filling the state with a million accounts
/// costs ten thousand tokens, the stake for one unit of capacity.
pub const EXISTENTIAL_DEPOSIT: Balance = UNIT / 100;

/// Prefix of addresses: the generic one, until the chain registers its own.
pub const SS58_PREFIX: u8 = 42;
/// Parachain id in the genesis presets. A chain specification can set another one.
pub const PARA_ID: u32 = 2500;
/// Relay chain in the chain specifications of the genesis presets.
pub const RELAY_CHAIN: &str = "rococo-local";
/// Name of the development chain.
pub const DEV_CHAIN_NAME: &str = "Prover Pool Development";
/// Id of the development chain, which also names its folder on disk.
pub const DEV_CHAIN_ID: &str = "prover-pool-dev";
/// Name of the local test network.
pub const LOCAL_CHAIN_NAME: &str = "Prover Pool Local Testnet";
/// Id of the local test network, which also names its folder on disk.
pub const LOCAL_CHAIN_ID: &str = "prover-pool-local";

/// Length of an Aura slot, in milliseconds. It must equal the length of the relay chain's slots:
/// then all blocks built on one relay block share a slot.
pub const SLOT_DURATION: u64 = 6_000;
/// Length of a slot of the relay chain, in milliseconds.
pub const RELAY_CHAIN_SLOT_DURATION_MILLIS: u32 = 6_000;
/// Blocks in an hour at one block a slot. Only sessions are counted in blocks. Everything that
/// concerns provers is counted in seconds, because more cores mean more blocks a slot.
pub const HOURS: BlockNumber = 60 * 60 * 1_000 / SLOT_DURATION as BlockNumber;

/// Returns the deposit for `items` entries of `bytes` bytes in total.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
	items as Balance * 100 * MILLI_UNIT + bytes as Balance * 100 * MICRO_UNIT
}
