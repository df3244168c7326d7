// SPDX-License-Identifier: Apache-2.0

//! Attack 6: batches that see a draw or undo a proposal.
//!
//! The tests' runtime has no pallet for batches. Storage layers undo as that pallet does: one for all
//! calls of `batch_all`, and one for each call of `force_batch`.

use super::{
	draws::{with_seeds, Carries},
	*,
};
use frame_support::pallet_prelude::DispatchResult;
use sp_runtime::traits::Dispatchable;

/// Proposer that is also the only prover.
const ATTACKER: AccountId = 1;

/// Call that is made when the calls before it were executed.
type Step = fn() -> RuntimeCall;

fn proposal() -> RuntimeCall {
	let payload = vec![7; SIZE as usize].try_into().unwrap();
	crate::Call::propose_block { payload, gas_limit: GAS, max_fee_per_gas: u32::MAX }.into()
}

/// Returns a call that fails unless the newest block is drawn for the attacker: its proof.
fn condition() -> RuntimeCall {
	let id = state().proposed;
	proof_call(ATTACKER, id, transition(id), true)
}

/// Executes all calls, or none if one fails.
fn batch_all(steps: &[Step]) -> DispatchResult {
	with_storage_layer(|| {
		for step in steps {
			let origin = RuntimeOrigin::signed(ATTACKER);
			step().dispatch(origin).map_err(|error| error.error)?;
		}
		Ok(())
	})
}

/// Executes all calls, whichever fail.
fn force_batch(steps: &[Step]) -> Vec<DispatchResult> {
	steps.iter().map(|step| batch_all(&[*step])).collect()
}

/// Runs `test` in a chain block whose seeds are known, with the attacker in the pool.
fn with_known_seeds(test: impl FnOnce(&mut super::draws::Relay)) {
	with_seeds(vec![(ATTACKER, 100_000, 90, 10)], test);
}

/// Checks that a batch sees a block of this number without a draw.
fn assert_undrawn(id: u64) {
	let block = block(id).unwrap();
	assert_eq!((block.phase, block.is_outstanding), (Phase::Undrawn, false));
	assert_eq!(outstanding(ATTACKER), 0);
}

#[test]
fn a_batch_sees_nothing_that_it_could_undo() {
	with_known_seeds(|relay| {
		assert_ok!(batch_all(&[proposal as Step; 10]));
		(1..=10).for_each(assert_undrawn);
		let mut drawn = vec![state().drawn];
		relay.next(Carries::Seed);
		// The older seed was known at the proposal.
		assert_eq!(state().drawn, 0);
		drawn.push(state().drawn);
		relay.next(Carries::Seed);
		drawn.push(state().drawn);
		println!(
			"attack 6: a batch of {} proposals: {drawn:?} drawn in its chain block and in the next \
			 two",
			state().proposed,
		);
		assert_eq!(state().drawn, u64::from(MaxDrawnPerBlock::get()));
	});
}

/// The condition fails in each chain block, so the attacker that wants to choose never proposes.
#[test]
fn a_batch_that_undoes_its_proposal_unless_it_is_drawn_never_proposes() {
	with_known_seeds(|relay| {
		let (mut undone, mut draws) = (0, 0);
		for _ in 0..10 {
			let before = (state(), held(ATTACKER));
			assert_eq!(batch_all(&[proposal, condition]), Err(Error::NotDrawn.into()));
			undone += usize::from((state(), held(ATTACKER)) == before && block(1).is_none());
			relay.next(Carries::Seed);
			draws += usize::from(state().drawn > 0);
		}
		// The number that was undone ten times is drawn by the seeds after its proposal.
		assert_ok!(batch_all(&[proposal]));
		relay.next(Carries::Seed);
		relay.next(Carries::Seed);
		println!(
			"attack 6: {undone} batches that propose and demand a draw undone, {draws} draws; the \
			 proposal without a demand drawn for {:?}",
			assigned(1),
		);
		assert_eq!((undone, draws, assigned(1)), (10, 0, Some(ATTACKER)));
	});
}

/// A failing call undoes itself alone. What it could see is the same.
#[test]
fn a_batch_that_goes_on_after_failures_sees_no_draw() {
	with_known_seeds(|relay| {
		let results = force_batch(&[proposal, condition, proposal, condition, proposal, condition]);
		let failed = results.iter().filter(|result| **result == Err(Error::NotDrawn.into()));
		let failed = failed.count();
		(1..=3).for_each(assert_undrawn);
		relay.next(Carries::Seed);
		assert_eq!(positions(), [0, 0, 0, 3]);
		relay.next(Carries::Seed);
		println!(
			"attack 6: a batch that goes on: {} proposals stay, {failed} demands for a draw fail, {} \
			 drawn by the next two seeds",
			state().proposed,
			state().drawn,
		);
		assert_eq!((failed, positions()), (3, [0, 0, 3, 3]));
	});
}
