// SPDX-License-Identifier: Apache-2.0

//! Proofs: of the example rollup, made by its program, and of a simulated circuit, made at once.

use codec::Encode;
use pallet_groth16_verifier::simulator;
use pallet_rollup::{BlockStatus, Transition};
use prover_pool_primitives::{public_input, Hash};
use prover_pool_runtime::{Rollup, Runtime, RuntimeCall, RuntimeGenesisConfig, System};
use serde_json::{json, Value};
use sp_core::{Bytes, H256};
use sp_io::hashing::blake2_256;
use sp_keyring::Sr25519Keyring;
use std::{
	env,
	io::Write,
	path::PathBuf,
	process::{Command, Stdio},
};

/// Curve of the runtime's proofs.
type Curve = <Runtime as pallet_groth16_verifier::Config>::Curve;

/// Returns the call by which `prover` proves a block, whose payload is a no-op. Must run on the state
/// of the chain.
pub fn prove(block_id: u64, prover: Sr25519Keyring, payload: &[u8]) -> RuntimeCall {
	let Some(BlockStatus::Unsettled(block)) = Rollup::block(block_id) else {
		panic!("block {block_id} is not unsettled");
	};
	let request = json!({
		"chain": System::block_hash(0),
		"prover": H256(prover.to_account_id().into()),
		"blockId": block_id,
		"payload": Bytes(payload.to_vec()),
		"gasLimit": block.gas_limit,
		"parent": null,
		"prove": true,
	});
	let answer = ask(&request);
	let field = |name: &str| -> Bytes {
		serde_json::from_value(answer[name].clone()).unwrap_or_else(|_| panic!("{answer}"))
	};
	let root = |name: &str| field(name).0.try_into().expect("roots have 32 bytes");
	let transition = Transition {
		parent_state_root: root("parentStateRoot"),
		state_root: root("stateRoot"),
		gas_used: serde_json::from_value(answer["gasUsed"].clone()).expect("is a number"),
	};
	call(block_id, prover, transition, field("proof").0)
}

fn call(
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

/// Gives a chain the key of the simulated circuit, and its provers room for many blocks.
pub fn simulate(genesis: &mut RuntimeGenesisConfig) {
	genesis.groth_16_verifier.key = Some(simulator::encoded_key::<Curve>());
	genesis.rollup.state_root = state_root(0).into();
	for (_, stake, _, capacity) in genesis.prover_pool.provers.iter_mut() {
		(*stake, *capacity) = (9_000_000, 900);
	}
}

/// State root of the simulated rollup after a block.
fn state_root(block_id: u64) -> Hash {
	blake2_256(&block_id.encode())
}

/// Returns the call by which `prover` proves a block on a chain with the simulated circuit. Must run on
/// its state.
pub fn prove_simulated(block_id: u64, prover: Sr25519Keyring) -> RuntimeCall {
	let Some(BlockStatus::Unsettled(block)) = Rollup::block(block_id) else {
		panic!("block {block_id} is not unsettled");
	};
	let transition = Transition {
		parent_state_root: state_root(block_id - 1),
		state_root: state_root(block_id),
		gas_used: 0,
	};
	let chain = System::block_hash(0).0;
	let statement = block.statement(chain, block_id, transition, prover.to_account_id());
	let proof = simulator::encoded_proof::<Curve>(public_input(&statement.encode()));
	call(block_id, prover, transition, proof)
}

/// Returns the program's answer to a request.
fn ask(request: &Value) -> Value {
	let test = env::current_exe().expect("tests are programs");
	let program = test.ancestors().nth(2).expect("it is in a folder").join("transfer-rollup");
	let keys: PathBuf = [env!("CARGO_TARGET_TMPDIR"), "proving-key.bin"].iter().collect();
	let mut program = Command::new(&program)
		.args(["serve", "--keys"])
		.arg(keys)
		.stdin(Stdio::piped())
		.stdout(Stdio::piped())
		.spawn()
		.unwrap_or_else(|error| panic!("{program:?}: {error}. Run cargo build."));
	let mut input = program.stdin.take().expect("it is piped");
	writeln!(input, "{request}").expect("the program reads");
	drop(input);
	let output = program.wait_with_output().expect("the program ends");
	serde_json::from_slice(&output.stdout).expect("it answers in JSON")
}
