// SPDX-License-Identifier: Apache-2.0

//! Removal of verifying keys (R14) on the runtime, while a rollup block is under way.

use super::chain::*;
use crate::*;
use ark_bn254::Bn254;
use pallet_groth16_verifier::{simulator, Call, Error, KeyVersion};
use pallet_rollup::BlockStatus;
use sp_keyring::Sr25519Keyring::{Charlie, Eve, Ferdie};
use sp_runtime::DispatchResult;

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
