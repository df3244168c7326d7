// SPDX-License-Identifier: Apache-2.0

//! How many rollup blocks one block of the chain has room for, by the declared weights.
//! `benchmarking/README.md` has the results and the command.

use super::chain::*;
use crate::{configs::RuntimeBlockWeights, *};
use codec::Encode;
use frame_support::{
	dispatch::{DispatchClass, GetDispatchInfo},
	weights::Weight,
};
use pallet_rollup::{Config, WeightInfo as _};
use prover_pool_primitives::{ProofVerifier as _, ProverPool as _};
use sp_keyring::Sr25519Keyring::Alice;

type Weights = <Runtime as Config>::WeightInfo;

/// A rollup block's payload: a hundred transactions of a hundred bytes.
pub const PAYLOAD_SIZE: usize = 10_000;
pub const GAS: u32 = 30_000_000;

/// What a signed transaction with this call weighs, with its bytes.
fn transaction(chain: &mut Chain, call: RuntimeCall) -> Weight {
	let weights = RuntimeBlockWeights::get();
	let base = weights.get(DispatchClass::Normal).base_extrinsic;
	let transaction = chain.look(|| signed(Alice, call));
	let weight = transaction.get_dispatch_info().total_weight();
	base + weight + Weight::from_parts(0, transaction.encoded_size() as u64)
}

/// How many rollup blocks are proposed, proved and settled for ever in one block of this chain,
/// as its declared weights count, by time and by proof size.
#[test]
fn a_block_has_room_for_more_rollup_blocks_than_a_second_each() {
	let mut chain = Chain::new();
	// In time: what a slash weighs is given back.
	let slash = Weights::share_slash() + ProverPool::slash_weight();
	let settle = Weights::settle_blocks(1) - Weights::settle_blocks(0);
	let close = Weights::close_windows(1) - Weights::close_windows(0);
	let real = transaction(&mut chain, prove_without_proof()) - slash;
	let verifier = Groth16Verifier::weight();

	let limits = RuntimeBlockWeights::get();
	let normal = limits.get(DispatchClass::Normal).max_total.expect("is limited");
	println!("\n## Rollup blocks proposed, proven and settled in one block, by declared weights\n");
	println!("| verifier | bytes of payload | by time | by proof size |\n|---|---:|---:|---:|");
	for (verifier, prove) in
		[("Groth16 over BN254", real), ("accepts everything", real.saturating_sub(verifier))]
	{
		for size in [0, 1_000, PAYLOAD_SIZE, 128 * 1024] {
			let transactions =
				transaction(&mut chain, propose_payload(&vec![7; size], GAS)) + prove;
			// Transactions may fill three quarters of a block, settlement and windows the rest.
			let hooks = settle + close;
			let by = |limit: fn(Weight) -> u64| {
				let by_transactions = limit(normal) / limit(transactions);
				let by_all = limit(limits.max_block) / limit(transactions + hooks);
				by_transactions.min(by_all)
			};
			let (time, proof) = (by(|weight| weight.ref_time()), by(|weight| weight.proof_size()));
			println!("| {verifier} | {size} | {time} | {proof} |");
			assert!(size > PAYLOAD_SIZE || time.min(proof) >= BLOCK_TIME);
		}
	}
}
