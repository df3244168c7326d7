// SPDX-License-Identifier: Apache-2.0

//! What is declared: how many reads and writes of the database are in a weight, and how much proof.

use super::state::PROVERS;
use crate::{
	configs::MaxPayloadSize,
	weights::{
		pallet_groth16_verifier::WeightInfo as VerifierWeights,
		pallet_prover_pool::WeightInfo as PoolWeights, pallet_rollup::WeightInfo as RollupWeights,
	},
};
use frame_support::{
	derive_impl, parameter_types,
	weights::{RuntimeDbWeight, Weight},
};
use frame_system::mocking::MockBlock;
use pallet_groth16_verifier::WeightInfo as _;
use pallet_prover_pool::WeightInfo as _;
use pallet_rollup::WeightInfo as _;

#[frame_support::runtime]
mod counting {
	/// A runtime whose database has whatever prices are wanted.
	#[runtime::runtime]
	#[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
	pub struct Counting;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
}

parameter_types! {
	/// The prices, which change as it counts.
	pub static Prices: RuntimeDbWeight = RuntimeDbWeight { read: 0, write: 0 };
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Counting {
	type Block = MockBlock<Self>;
	type DbWeight = Prices;
}

/// One of the weights that what is charged is put together from.
#[derive(Clone, Copy, Debug)]
pub enum Part {
	Stake,
	Withdraw,
	Exit,
	Assign,
	Release,
	Slash,
	/// With the largest payload.
	ProposeBlock,
	ProveBlock,
	OverrideTransition,
	/// Of so many.
	SettleBlocks(u32),
	/// Of so many.
	CloseWindows(u32),
	ShareSlash,
	VerifyProof,
	AddKey,
	RemoveKey,
}

impl Part {
	fn weight<T: frame_system::Config>(self) -> Weight {
		match self {
			Self::Stake => PoolWeights::<T>::stake(),
			Self::Withdraw => PoolWeights::<T>::withdraw(),
			Self::Exit => PoolWeights::<T>::exit(PROVERS),
			Self::Assign => PoolWeights::<T>::assign(PROVERS),
			Self::Release => PoolWeights::<T>::release(PROVERS),
			Self::Slash => PoolWeights::<T>::slash(PROVERS),
			Self::ProposeBlock => RollupWeights::<T>::propose_block(MaxPayloadSize::get()),
			Self::ProveBlock => RollupWeights::<T>::prove_block(),
			Self::OverrideTransition => RollupWeights::<T>::override_transition(),
			Self::SettleBlocks(n) => RollupWeights::<T>::settle_blocks(n),
			Self::CloseWindows(n) => RollupWeights::<T>::close_windows(n),
			Self::ShareSlash => RollupWeights::<T>::share_slash(),
			Self::VerifyProof => VerifierWeights::<T>::verify_proof(),
			Self::AddKey => VerifierWeights::<T>::add_key(),
			Self::RemoveKey => VerifierWeights::<T>::remove_key(),
		}
	}
}

/// What these parts weigh together, on a runtime with `T`'s prices.
pub fn weight_of<T: frame_system::Config>(parts: &[Part]) -> Weight {
	parts.iter().fold(Weight::zero(), |sum, part| {
		sum.checked_add(&part.weight::<T>()).expect("far from it")
	})
}

/// How many reads and writes of the database these parts declare.
pub fn reads_and_writes(parts: &[Part]) -> (u64, u64) {
	let time = |read, write| {
		Prices::set(RuntimeDbWeight { read, write });
		weight_of::<Counting>(parts).ref_time()
	};
	let computation = time(0, 0);
	(time(1, 0) - computation, time(0, 1) - computation)
}
