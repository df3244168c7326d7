// SPDX-License-Identifier: Apache-2.0

//! Real proofs of the example circuit, on the real runtime.

use super::chain::*;
use crate::{genesis_config_presets::*, *};
use pallet_groth16_verifier::Error as VerifierError;
use pallet_rollup::{BlockStatus, Error as RollupError, Transition};
use prover_pool_primitives::Hash;
use sp_keyring::Sr25519Keyring::{self, Alice, Charlie, Dave, Eve, Ferdie};
use sp_runtime::DispatchError;
use std::sync::LazyLock;
use transfer_rollup::{keys, Keys, State};

/// Keys of the example circuit, which all tests share because generating them takes a while.
static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::generate().expect("the circuit has keys"));

/// Three transfers between accounts of the example rollup, padded with zeros.
const PAYLOAD: [u8; 48] = {
	let mut payload = [0; 48];
	let transfers = [[0, 1, 100, 0, 0, 0], [1, 2, 0, 1, 0, 0], [15, 0, 7, 0, 0, 0]];
	let mut index = 0;
	while index < 18 {
		payload[index] = transfers[index / 6][index % 6];
		index += 1;
	}
	payload
};
const GAS: u32 = 1_000_000;

/// Returns the transition of an unsettled block on `parent`, and its proof by `prover`.
pub fn solve(
	chain: &mut Chain,
	block_id: u64,
	prover: Sr25519Keyring,
	parent: &State,
	payload: &[u8],
) -> (Transition, Vec<u8>) {
	let (genesis, status) = chain.look(|| (System::block_hash(0), Rollup::block(block_id)));
	let Some(BlockStatus::Unsettled(block)) = status else {
		panic!("block {block_id} is not unsettled: {status:?}");
	};
	let (state, gas_used) = parent.execute(payload, block.gas_limit);
	let transition =
		Transition { parent_state_root: parent.root(), state_root: state.root(), gas_used };
	let statement = block.statement(genesis.0, block_id, transition, prover.to_account_id());
	let proof = transfer_rollup::prove(&KEYS, &statement, parent, payload);
	(transition, proof.expect("the statement is true"))
}

/// Returns the call that submits a proof in the name of `prover`.
pub fn prove_with(
	block_id: u64,
	prover: Sr25519Keyring,
	transition: Transition,
	proof: Vec<u8>,
) -> RuntimeCall {
	pallet_rollup::Call::prove_block {
		block_id,
		prover: prover.to_account_id(),
		transition,
		proof: proof.try_into().expect("is short"),
	}
	.into()
}

/// Proposes the transfers. Returns the block's id and the assigned prover.
fn propose_transfers(chain: &mut Chain) -> (u64, Sr25519Keyring) {
	let (id, drawn) = chain.propose_payload(Charlie, &PAYLOAD, GAS);
	let drawn = drawn.expect("the pool has two provers");
	let drawn = [Eve, Ferdie].into_iter().find(|who| who.to_account_id() == drawn);
	(id, drawn.expect("the pool has no other members"))
}

#[test]
fn the_presets_have_the_circuits_key_and_state() {
	assert_eq!(VERIFYING_KEY, keys::VERIFYING_KEY);
	assert_eq!(GENESIS_STATE, keys::GENESIS_STATE);
	Chain::new().look(|| {
		assert_eq!(Rollup::positions().settled_root, State::genesis().root());
		assert_eq!(Groth16Verifier::key_versions(), [1]);
	});
}

#[test]
fn a_proof_of_transfers_moves_the_state() {
	let mut chain = Chain::new();
	let (id, prover) = propose_transfers(&mut chain);
	let parent = State::genesis();
	let (transition, proof) = solve(&mut chain, id, prover, &parent, &PAYLOAD);
	let expected = parent.execute(&PAYLOAD, GAS).0;
	assert_ne!(expected.root(), parent.root());
	assert_eq!(expected.balances[1], 1_000_000 + 100 - 256);
	assert_eq!(transition.gas_used, 63_000);
	chain.do_submit(prover, prove_with(id, prover, transition, proof));
	chain.wait(COOLDOWN);
	chain.block(vec![]);
	chain.look(|| {
		let positions = Rollup::positions();
		assert_eq!((positions.settled, positions.settled_root), (id, expected.root()));
	});
}

#[test]
fn a_changed_bit_of_a_proof_or_its_transition_is_rejected() {
	let mut chain = Chain::new();
	let (id, prover) = propose_transfers(&mut chain);
	let (transition, proof) = solve(&mut chain, id, prover, &State::genesis(), &PAYLOAD);
	let origin = || RuntimeOrigin::signed(prover.to_account_id());
	let attempt = |transition: Transition, proof: &[u8]| {
		let proof = proof.to_vec().try_into().expect("is short");
		frame_support::storage::with_storage_layer(|| {
			Rollup::prove_block(origin(), id, prover.to_account_id(), transition, proof)
				.map_err(|error| error.error)
		})
		.map(|_| ())
	};
	chain.look(|| {
		let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
		let refuses = |result: Result<(), DispatchError>| {
			let error = result.expect_err("it was changed");
			let known: [DispatchError; 3] = [
				VerifierError::<Runtime>::MalformedProof.into(),
				VerifierError::<Runtime>::InvalidProof.into(),
				RollupError::<Runtime>::WrongParentState.into(),
			];
			assert!(known.contains(&error), "{error:?}");
		};
		for bit in 0..proof.len() * 8 {
			let mut changed = proof.clone();
			changed[bit / 8] ^= 1 << (bit % 8);
			refuses(attempt(transition, &changed));
		}
		let flip = |mut hash: Hash, bit: usize| {
			hash[bit / 8] ^= 1 << (bit % 8);
			hash
		};
		for bit in 0..256 {
			refuses(attempt(
				Transition {
					parent_state_root: flip(transition.parent_state_root, bit),
					..transition
				},
				&proof,
			));
			refuses(attempt(
				Transition { state_root: flip(transition.state_root, bit), ..transition },
				&proof,
			));
		}
		for bit in 0..19 {
			refuses(attempt(
				Transition { gas_used: transition.gas_used ^ (1 << bit), ..transition },
				&proof,
			));
		}
		assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), before);
		assert_eq!(attempt(transition, &proof), Ok(()));
	});
}

#[test]
fn a_proof_is_valid_for_one_prover_one_block_and_one_chain() {
	let mut chain = Chain::new();
	let empty = b"executes as nothing";
	for _ in 0..2 {
		chain.propose_payload(Charlie, empty, GAS);
	}
	chain.wait(PROOF_WINDOW);
	chain.block(vec![]);
	// Anyone may prove both.
	let (transition, proof) = solve(&mut chain, 1, Dave, &State::genesis(), empty);
	let invalid: DispatchError = VerifierError::<Runtime>::InvalidProof.into();
	let stolen = prove_with(1, Alice, transition, proof.clone());
	assert_eq!(chain.fail(Alice, stolen), invalid);
	chain.do_submit(Dave, prove_with(1, Dave, transition, proof.clone()));
	let replayed = prove_with(2, Dave, transition, proof.clone());
	assert_eq!(chain.fail(Dave, replayed), invalid);

	let mut other = Chain::of_another_genesis();
	other.propose_payload(Charlie, empty, GAS);
	other.wait(PROOF_WINDOW);
	other.block(vec![]);
	let foreign = prove_with(1, Dave, transition, proof);
	assert_eq!(other.fail(Dave, foreign), invalid);
}

#[test]
fn any_payload_can_be_proven() {
	let mut chain = Chain::new();
	let largest = vec![7; configs::MaxPayloadSize::get() as usize];
	for (index, payload) in [&[][..], &[255; 48], &[1; 47], &largest].into_iter().enumerate() {
		let id = index as u64 + 1;
		let (_, drawn) = chain.propose_payload(Charlie, payload, 1);
		let drawn = drawn.expect("the pool has two provers");
		let prover = if drawn == Eve.to_account_id() { Eve } else { Ferdie };
		let (transition, proof) = solve(&mut chain, id, prover, &State::genesis(), payload);
		assert_eq!(transition.gas_used, 0);
		assert_eq!(transition.state_root, transition.parent_state_root);
		chain.do_submit(prover, prove_with(id, prover, transition, proof));
	}
}
