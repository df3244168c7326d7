// SPDX-License-Identifier: Apache-2.0

//! Verifying keys (R14) on the runtime, while rollup blocks are under way.

use super::{
	chain::*,
	room::{chain_with, keyring, prove_by, transition},
};
use crate::*;
use ark_bn254::Bn254;
use pallet_groth16_verifier::{simulator, Call, Error, KeyVersion};
use pallet_rollup::{BlockStatus, Event};
use sp_keyring::Sr25519Keyring::{Charlie, Eve, Ferdie};
use sp_runtime::{DispatchError, DispatchResult};

fn remove(version: KeyVersion) -> Call<Runtime> {
	Call::remove_key { version }
}

fn refused(error: Error<Runtime>) -> DispatchResult {
	Err(error.into())
}

#[test]
fn r14_a_key_is_removed_only_after_the_last_block_that_needs_it_is_settled() {
	let mut chain = Chain::new();
	let key = simulator::encoded_key::<Bn254>().try_into().expect("it is short");
	assert_eq!(chain.govern(Call::add_key { key }), Ok(()));
	let [old, new] = chain.look(Groth16Verifier::key_versions)[..] else {
		panic!("there are two keys");
	};
	assert_eq!(chain.govern(remove(old)), refused(Error::KeyIsActive));

	// The draw comes two blocks after the proposal.
	chain.do_submit(Charlie, propose(1_000));
	assert_eq!(chain.govern(Call::activate_key { version: new }), Ok(()));
	assert_eq!(chain.govern(remove(old)), refused(Error::KeyIsNeeded));
	let drawn = chain.look(|| match Rollup::block(1) {
		Some(BlockStatus::Unsettled(block)) => block.assignment().map(|of| of.prover.clone()),
		status => panic!("the block is not unsettled: {status:?}"),
	});
	let prover = if drawn == Some(Eve.to_account_id()) { Eve } else { Ferdie };
	let proof = chain.prove(1, prover);
	chain.do_submit(prover, proof);
	assert_eq!(chain.look(|| Rollup::positions().proven), 1);
	assert_eq!(chain.govern(remove(old)), refused(Error::KeyIsNeeded));

	chain.wait(COOLDOWN);
	chain.block(vec![]);
	assert_eq!(chain.look(|| Rollup::positions().settled), 1);
	assert_eq!(chain.govern(remove(old)), Ok(()));
	assert_eq!(chain.govern(remove(new)), refused(Error::KeyIsActive));
	assert_eq!(chain.look(Groth16Verifier::key_versions), [new]);
	println!("attack 7: 4 removals refused while the key was needed or active, and 1 done");
}

/// Returns a chain with a block of version 1, which the key of set-up 0 proves, and one of version 2,
/// which that of set-up 1 proves. Returns their provers too.
fn chain_of_two_versions() -> (Chain, Vec<AccountId>) {
	let mut chain = chain_with(|_| ());
	let key = simulator::encoded_key_of::<Bn254>(1).try_into().expect("it is short");
	assert_eq!(chain.govern(Call::add_key { key }), Ok(()));
	chain.do_submit(Charlie, propose(1_000));
	assert_eq!(chain.govern(Call::activate_key { version: 2 }), Ok(()));
	chain.do_submit(Charlie, propose(1_000));
	for _ in 0..2 {
		chain.block(vec![]);
	}
	let provers = [1, 2].map(|id| match chain.look(|| Rollup::block(id)) {
		Some(BlockStatus::Unsettled(block)) => {
			assert_eq!(u64::from(block.rules_version), id);
			block.assignment().expect("the pool has two provers").prover.clone()
		},
		status => panic!("the block is not unsettled: {status:?}"),
	});
	(chain, provers.into())
}

#[test]
fn r14_of_two_blocks_under_way_each_is_proven_by_the_key_of_its_own_version_only() {
	let (mut chain, provers) = chain_of_two_versions();
	let invalid: DispatchError = Error::<Runtime>::InvalidProof.into();
	let mut refused = 0;
	// A proof of block 2 waits for block 1, and one that is stored is replaced by the prover alone.
	for (id, own, other) in [(2, 1, 0), (1, 0, 1)] {
		let prover = &provers[id as usize - 1];
		let mut by = |setup| prove_by(setup, &mut chain, id, prover.clone(), transition(id));
		let [proof, wrong] = [own, other].map(&mut by);
		assert_eq!(chain.fail(keyring(prover), wrong), invalid);
		refused += 1;
		chain.do_submit(keyring(prover), proof);
	}
	chain.block(vec![]);
	assert_eq!(chain.look(|| Rollup::positions().proven), 2);
	chain.wait(COOLDOWN);
	let (_, events) = chain.block(vec![]);
	let is_settled = |event: &&RuntimeEvent| {
		matches!(event, RuntimeEvent::Rollup(Event::BlockSettled { slashed: 0, .. }))
	};
	assert_eq!(events.iter().filter(is_settled).count(), 2);
	let is_slash = |event: &RuntimeEvent| {
		matches!(event, RuntimeEvent::ProverPool(pallet_prover_pool::Event::Slashed { .. }))
	};
	assert!(!events.iter().any(is_slash));
	println!(
		"attack 7: a block of version 1 and one of version 2 under way: {refused} proofs by the other \
		 key refused, 2 settled, 0 slashed"
	);
}
