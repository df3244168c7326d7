// SPDX-License-Identifier: Apache-2.0

//! What is weighed, and the worst case of each.

use super::{
	declared::Part::{self, *},
	state::*,
	Case, Events, Step,
};
use crate::*;
use ark_bn254::Bn254;
use frame_support::{
	assert_ok,
	dispatch::{extract_actual_weight, GetDispatchInfo},
	traits::Hooks,
	weights::Weight,
};
use pallet_groth16_verifier::{simulator, Call as VerifierCall};
use pallet_prover_pool::Call as PoolCall;
use pallet_rollup::{Call as RollupCall, Transition};
use prover_pool_primitives::{ProofVerifier, ProverPool as _};
use sp_core::H256;
use sp_runtime::traits::Dispatchable;

/// Everything that is weighed.
pub fn all() -> Vec<Case> {
	[
		calls_of_the_pool(),
		functions_of_the_pool(),
		calls_of_the_rollup(),
		closing(),
		settling(),
		the_verifier(),
	]
	.into_iter()
	.flatten()
	.collect()
}

fn calls_of_the_pool() -> Vec<Case> {
	vec![
		Case {
			name: "ProverPool.stake",
			parts: vec![Stake],
			events: Events { withdrawn: 2, exited: 1, ..Events::default() },
			prepare: || {
				let call = PoolCall::stake { amount: 100_000, reward_per_gas: 1, max_capacity: 5 };
				call_by(leaver(), call)
			},
		},
		Case {
			name: "ProverPool.withdraw",
			parts: vec![Withdraw],
			events: Events { withdrawn: 1, ..Events::default() },
			prepare: || call_by(leaver(), PoolCall::withdraw {}),
		},
		Case {
			name: "ProverPool.exit",
			parts: vec![Exit],
			events: Events { withdrawn: 1, exited: 1, ..Events::default() },
			prepare: || call_by(last_prover(), PoolCall::exit {}),
		},
	]
}

fn functions_of_the_pool() -> Vec<Case> {
	vec![
		Case {
			name: "ProverPool::assign",
			parts: vec![Assign],
			events: Events::default(),
			prepare: || {
				make_the_last_prover_likely();
				Box::new(|| {
					let assignment = ProverPool::assign(1, 10_000).expect("somebody is drawn");
					assert_eq!(assignment.prover, last_prover());
					ProverPool::assign_weight()
				})
			},
		},
		Case {
			name: "ProverPool::release",
			parts: vec![Release],
			events: Events::default(),
			prepare: || {
				draw_the_last_prover();
				Box::new(|| {
					ProverPool::release(&last_prover());
					ProverPool::release_weight()
				})
			},
		},
		Case {
			name: "ProverPool::slash",
			parts: vec![Slash],
			events: Events::of_slashes(1),
			prepare: || {
				Box::new(|| {
					drop(ProverPool::slash(&last_prover(), 1, 1));
					ProverPool::slash_weight()
				})
			},
		},
	]
}

fn calls_of_the_rollup() -> Vec<Case> {
	vec![
		Case {
			name: "Rollup.propose_block",
			parts: vec![ProposeBlock, Assign],
			events: Events::default(),
			prepare: || {
				make_the_last_prover_likely();
				let payload = vec![7; configs::MaxPayloadSize::get() as usize];
				let call = RollupCall::propose_block {
					payload: payload.try_into().expect("it is the largest"),
					gas_limit: 30_000_000,
				};
				call_by(leaver(), call)
			},
		},
		Case {
			name: "Rollup.prove_block",
			parts: vec![ProveBlock, VerifyProof, Release, Slash, ShareSlash],
			events: Events::of_misses(1),
			prepare: || {
				draw_the_last_prover();
				call_by(leaver(), prove(insert_missed_block(PROVERS)))
			},
		},
		Case {
			name: "Rollup.override_transition",
			parts: vec![OverrideTransition, Slash, ShareSlash],
			events: Events::of_misses(1),
			prepare: || {
				insert_rescued_block(1);
				let call = RollupCall::override_transition {
					block_id: insert_late_block(2),
					parent_state: rollup_state(1),
					new_state: rollup_state(7),
				};
				call_as_root(call)
			},
		},
		Case {
			name: "Rollup.settle_blocks, 1",
			parts: with_misses(SettleBlocks(1), 1),
			events: Events::of_settlements(1),
			prepare: || {
				insert_rescued_block(1);
				call_by(leaver(), RollupCall::settle_blocks { max_blocks: 1 })
			},
		},
		Case {
			name: "Rollup.settle_blocks, as many as may",
			parts: with_misses(SettleBlocks(32), 32),
			events: Events::of_settlements(32),
			prepare: || {
				insert_many(insert_rescued_block);
				let max_blocks = u32::MAX;
				call_by(leaver(), RollupCall::settle_blocks { max_blocks })
			},
		},
		Case {
			name: "Rollup.settle_blocks, 1 that was missed",
			parts: vec![SettleBlocks(1)],
			events: Events { settled: 1, ..Events::default() },
			prepare: || {
				insert_missed_and_rescued_block(1);
				call_by(leaver(), RollupCall::settle_blocks { max_blocks: 1 })
			},
		},
		Case {
			name: "Rollup.settle_blocks, as many that were missed as may be",
			parts: vec![SettleBlocks(32)],
			events: Events { settled: 32, ..Events::default() },
			prepare: || {
				insert_many(insert_missed_and_rescued_block);
				let max_blocks = u32::MAX;
				call_by(leaver(), RollupCall::settle_blocks { max_blocks })
			},
		},
	]
}

fn closing() -> Vec<Case> {
	vec![
		Case {
			name: "Rollup::on_initialize, all closed",
			parts: vec![CloseWindows(0)],
			events: Events::default(),
			prepare: || {
				set_progress(|progress| progress.closed = progress.proposed);
				Box::new(on_initialize)
			},
		},
		Case {
			name: "Rollup::on_initialize, 1 still open",
			parts: vec![CloseWindows(1)],
			events: Events::default(),
			prepare: || Box::new(on_initialize),
		},
		Case {
			name: "Rollup::on_initialize, 1 missed",
			parts: with_misses(CloseWindows(1), 1),
			events: Events::of_misses(1),
			prepare: || {
				let block_id = insert_missed_block(PROVERS);
				set_progress(|progress| {
					progress.closed = block_id - 1;
					progress.proposed = block_id;
				});
				Box::new(on_initialize)
			},
		},
		Case {
			name: "Rollup::on_initialize, as many missed as may be",
			parts: with_misses(CloseWindows(32), 32),
			events: Events::of_misses(32),
			prepare: || {
				insert_many(insert_missed_block);
				Box::new(on_initialize)
			},
		},
		Case {
			name: "Rollup::on_initialize, as many in time as may be",
			parts: vec![CloseWindows(32)],
			events: Events::default(),
			prepare: || {
				insert_many(insert_proven_block);
				Box::new(on_initialize)
			},
		},
	]
}

fn settling() -> Vec<Case> {
	vec![
		Case {
			name: "Rollup::on_idle, all settled",
			parts: vec![SettleBlocks(0)],
			events: Events::default(),
			prepare: || {
				set_progress(|progress| progress.settled = progress.proposed);
				Box::new(on_idle)
			},
		},
		Case {
			name: "Rollup::on_idle, 1 unproven",
			parts: vec![SettleBlocks(1)],
			events: Events::default(),
			prepare: || Box::new(on_idle),
		},
		Case {
			name: "Rollup::on_idle, 1 settled",
			parts: with_misses(SettleBlocks(1), 1),
			events: Events::of_settlements(1),
			prepare: || {
				let block_id = insert_rescued_block(1);
				set_progress(|progress| progress.proposed = block_id);
				Box::new(on_idle)
			},
		},
		Case {
			name: "Rollup::on_idle, as many settled as may be",
			parts: with_misses(SettleBlocks(32), 32),
			events: Events::of_settlements(32),
			prepare: || {
				insert_many(insert_rescued_block);
				Box::new(on_idle)
			},
		},
	]
}

fn the_verifier() -> Vec<Case> {
	vec![
		Case {
			name: "Groth16Verifier.add_key",
			parts: vec![AddKey],
			events: Events::default(),
			prepare: || {
				assert_ok!(Groth16Verifier::remove_key(RuntimeOrigin::root(), 2));
				let key =
					simulator::encoded_key::<Bn254>().try_into().expect("it is as large as may be");
				call_as_root(VerifierCall::add_key { key })
			},
		},
		Case {
			name: "Groth16Verifier.remove_key",
			parts: vec![RemoveKey],
			events: Events::default(),
			prepare: || call_as_root(VerifierCall::remove_key { version: 2 }),
		},
		Case {
			name: "Groth16Verifier::verify",
			parts: vec![VerifyProof],
			events: Events::default(),
			prepare: || {
				let input = H256::repeat_byte(0x1f);
				let proof = simulator::encoded_proof::<Bn254>(1, input);
				Box::new(move || {
					assert_ok!(Groth16Verifier::verify(input, &proof));
					<Groth16Verifier as ProofVerifier>::weight()
				})
			},
		},
	]
}

/// What a step is made of that notices so many misses.
fn with_misses(step: Part, misses: usize) -> Vec<Part> {
	[vec![step], [Slash, ShareSlash].repeat(misses)].concat()
}

/// Inserts a block for each prover.
fn insert_many(insert: fn(u32) -> u64) {
	for number in 1..=PROVERS {
		insert(number);
	}
}

fn call_by(who: AccountId, call: impl Into<RuntimeCall>) -> Step {
	dispatch(RuntimeOrigin::signed(who), call.into())
}

fn call_as_root(call: impl Into<RuntimeCall>) -> Step {
	dispatch(RuntimeOrigin::root(), call.into())
}

fn dispatch(origin: RuntimeOrigin, call: RuntimeCall) -> Step {
	Box::new(move || {
		let info = call.get_dispatch_info();
		let result = call.dispatch(origin);
		assert_ok!(result);
		extract_actual_weight(&result, &info)
	})
}

fn on_initialize() -> Weight {
	Rollup::on_initialize(1)
}

fn on_idle() -> Weight {
	Rollup::on_idle(1, Weight::MAX)
}

/// The call by which the leaver proves a block.
fn prove(block_id: u64) -> RollupCall<Runtime> {
	let block = pallet_rollup::Blocks::<Runtime>::get(block_id).expect("it was put in");
	let transition = Transition {
		parent_state_root: rollup_state(0),
		state_root: rollup_state(1),
		gas_used: block.gas_limit,
	};
	let statement = block.statement(System::block_hash(0), block_id, transition, leaver());
	RollupCall::prove_block {
		block_id,
		transition,
		proof: simulator::encoded_proof::<Bn254>(1, statement.public_input())
			.try_into()
			.expect("it is short"),
	}
}
