// SPDX-License-Identifier: Apache-2.0

//! Room for proofs in full blocks (R11): signed transactions in the order of the transaction pool.
//!
//! The attacker fills every block with transactions of one kind, each with a tip of 50,000 tokens.

use super::{chain::*, proofs, transactions::Transactions};
use crate::{
	configs::{dynamic_params::rollup, RuntimeParameters},
	constants::UNIT,
	*,
};
use ark_bn254::Bn254;
use codec::Encode;
use pallet_groth16_verifier::simulator;
use pallet_rollup::{Event, Transition};
use prover_pool_primitives::{public_input, Hash};
use sp_core::{crypto::Pair as _, sr25519::Pair};
use sp_io::hashing::blake2_256;
use sp_keyring::Sr25519Keyring::{self, Alice, Charlie, Dave, Eve, Ferdie};
use sp_runtime::DispatchError;

/// Tip of each transaction of the attacker.
pub const TIP: Balance = 50_000 * UNIT;
/// Number of the attacker's accounts. Their transactions exceed a block.
const ATTACKERS: usize = 40;
/// Balance of each of them at genesis, in tokens.
const ENDOWMENT: Balance = 1_000_000;
/// Number of kinds of [`fillers`].
pub const KINDS: usize = 6;
/// Index of the kind that costs the least, because one transaction fills a block.
pub const CHEAPEST: usize = 2;
/// Name of the kind that fills no block once the rollup block of its proofs is proven.
pub const JUNK: &str = "batches of 40 junk proofs";
/// Shortest window that governance can set, in seconds.
pub const SHORTEST_WINDOW: u64 = 60;
/// State root of the overrides.
pub const OVERRIDE: Hash = [9; 32];

/// Returns the key of an account of the attacker.
pub fn attacker(number: usize) -> Pair {
	Pair::from_string(&format!("//Attacker//{number}"), None).expect("the path is valid")
}

fn account(who: &Pair) -> AccountId {
	who.public().into()
}

/// Returns the simulated state after a block.
pub fn state_root(block_id: u64) -> Hash {
	blake2_256(&block_id.encode())
}

/// Returns a chain with the simulated circuit and funds for the attacker.
pub fn chain() -> Chain {
	chain_with(|_| ())
}

/// Returns a chain with the simulated circuit, funds for the attacker, and `changes`.
pub fn chain_with(changes: impl FnOnce(&mut RuntimeGenesisConfig)) -> Chain {
	Chain::with(|genesis| {
		let attackers = (0..ATTACKERS).map(|number| (account(&attacker(number)), ENDOWMENT * UNIT));
		genesis.balances.balances.extend(attackers);
		genesis.rollup.state_root = state_root(0).into();
		genesis.groth_16_verifier.key = Some(simulator::encoded_key::<Bn254>());
		changes(genesis);
	})
}

/// Sets the shortest window that governance can set.
pub fn shorten_windows(chain: &mut Chain) {
	set_window(chain, 0);
}

/// Sets the minimum proof window, in seconds.
pub fn set_window(chain: &mut Chain, seconds: u64) {
	let window = rollup::Parameters::MinProofWindow(rollup::MinProofWindow, Some(seconds));
	let key_value = RuntimeParameters::Rollup(window);
	assert_eq!(chain.govern(pallet_parameters::Call::set_parameter { key_value }), Ok(()));
}

/// Returns transactions that fill a block, by kind. The junk proofs are for a block that `prover`
/// may prove.
pub fn fillers(id: u64, prover: Sr25519Keyring) -> Vec<(&'static str, RuntimeCall)> {
	let remark = frame_system::Call::remark { remark: vec![7; 200 * 1_024] };
	let kill = frame_system::Call::kill_storage { keys: vec![vec![0]; 2_000] };
	let kill: RuntimeCall = kill.into();
	// It declares the weight of the keys that it would remove.
	let kill_prefix = frame_system::Call::kill_prefix { prefix: vec![], subkeys: 14_000 };
	let pause = pallet_rollup::Call::pause {}.into();
	vec![
		("remarks of 200 KiB", remark.into()),
		(JUNK, batch(vec![junk(id, prover); 40])),
		("failing calls of kill_prefix", kill_prefix.into()),
		("failing calls of kill_storage", kill.clone()),
		("batches of failing calls of kill_storage", batch(vec![kill])),
		("batches of 1,400 failing pauses", batch(vec![pause; 1_400])),
	]
}

/// Returns the call with a junk proof of a block on its true parent. It declares the weight of a verification.
pub fn junk(id: u64, prover: Sr25519Keyring) -> RuntimeCall {
	let transition = Transition { parent_state_root: state_root(id - 1), ..Default::default() };
	proofs::prove_with(id, prover, transition, vec![0; 128])
}

/// Returns the error of a junk proof.
pub fn malformed() -> DispatchError {
	pallet_groth16_verifier::Error::<Runtime>::MalformedProof.into()
}

/// Returns the call by which the owner of the sudo key overrides a block.
pub fn override_by_sudo(block_id: u64) -> RuntimeCall {
	sudo(pallet_rollup::Call::override_block { block_id, state_root: OVERRIDE })
}

/// Returns the call that makes all of these, whichever fail.
pub fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
	pallet_utility::Call::force_batch { calls }.into()
}

/// Adds a transaction of each attacker. Returns the highest priority.
pub fn flood(pool: &mut Transactions, chain: &mut Chain, call: &RuntimeCall) -> u64 {
	(0..ATTACKERS)
		.map(|number| pool.add(chain, &attacker(number), call.clone(), TIP))
		.map(|priority| priority.expect("the attacker's transactions are valid"))
		.max()
		.expect("there are attackers")
}

/// Returns the call by which `prover` proves an unsettled block on the simulated states.
pub fn prove(chain: &mut Chain, block_id: u64, prover: AccountId) -> RuntimeCall {
	prove_by(0, chain, block_id, prover, transition(block_id))
}

/// Returns the transition of a block between the simulated states.
pub fn transition(block_id: u64) -> Transition {
	Transition {
		parent_state_root: state_root(block_id - 1),
		state_root: state_root(block_id),
		gas_used: 0,
	}
}

/// Returns the call that proves this transition of an unsettled block by the key of a set-up.
pub fn prove_by(
	setup: u32,
	chain: &mut Chain,
	block_id: u64,
	prover: AccountId,
	transition: Transition,
) -> RuntimeCall {
	let statement = chain.look(|| {
		let block = pallet_rollup::Blocks::<Runtime>::get(pallet_rollup::BlockKey::from(block_id))
			.expect("the block is not settled");
		block.statement(System::block_hash(0).0, block_id, transition, prover.clone())
	});
	let proof = simulator::encoded_proof_by::<Bn254>(setup, public_input(&statement.encode()));
	pallet_rollup::Call::prove_block {
		block_id,
		prover,
		transition,
		proof: proof.try_into().expect("it is short"),
	}
	.into()
}

pub fn keyring(who: &AccountId) -> Sr25519Keyring {
	[Eve, Ferdie]
		.into_iter()
		.find(|key| key.to_account_id() == *who)
		.expect("it is a prover")
}

/// Returns the prover of the preset that is not this one.
pub fn other_prover(prover: Sr25519Keyring) -> Sr25519Keyring {
	if prover == Eve {
		Ferdie
	} else {
		Eve
	}
}

/// Proposes a block, and makes the blocks until its draw. Returns its id and the assigned prover.
pub fn propose_and_draw(chain: &mut Chain) -> (u64, Sr25519Keyring) {
	let (id, drawn) = chain.propose(Charlie, 1_000);
	(id, keyring(&drawn.expect("the pool has two provers")))
}

/// Returns `true` if an event says that the block is proven.
pub fn is_proven(events: &[RuntimeEvent], id: u64) -> bool {
	events.iter().any(|event| match event {
		RuntimeEvent::Rollup(Event::BlockProven { block_id, .. }) => *block_id == id,
		_ => false,
	})
}

/// Makes a block that transactions of this kind fill. Returns its events.
pub fn full_block(pool: &mut Transactions, chain: &mut Chain, kind: &str) -> Vec<RuntimeEvent> {
	let events = pool.block(chain);
	assert!(pool.is_block_full, "{kind} do not fill a block");
	events
}

/// Does [`full_block`] with a proof or an override, after which [`JUNK`] is refused for little weight.
pub fn last_block(pool: &mut Transactions, chain: &mut Chain, kind: &str) -> Vec<RuntimeEvent> {
	let events = pool.block(chain);
	assert!(pool.is_block_full || kind == JUNK, "{kind} do not fill a block");
	events
}

/// Returns the fees and tips that the attackers have paid, in tokens.
pub fn cost_of_attack(chain: &mut Chain) -> Balance {
	chain.look(|| {
		(0..ATTACKERS)
			.map(|number| ENDOWMENT * UNIT - Balances::free_balance(account(&attacker(number))))
			.sum::<Balance>()
			/ UNIT
	})
}

#[test]
fn blocks_filled_with_tips_of_50_000_tokens_keep_no_proof_out() {
	let mut costs = vec![];
	for kind in 0..KINDS {
		let mut chain = chain();
		let mut pool = Transactions::default();
		let (id, prover) = propose_and_draw(&mut chain);
		let (kind, call) = fillers(id, prover).swap_remove(kind);
		let highest = flood(&mut pool, &mut chain, &call);
		full_block(&mut pool, &mut chain, kind);

		let proof = prove(&mut chain, id, prover.to_account_id());
		let priority = pool.add(&mut chain, &prover.pair(), proof, 0).expect("it is assigned");
		assert!(priority > u64::MAX / 2 && highest <= u64::MAX / 2);
		let events = last_block(&mut pool, &mut chain, kind);
		assert!(is_proven(&events, id), "{kind} keep the assigned prover's proof out");
		let cost = cost_of_attack(&mut chain);
		println!("{kind}: {cost} tokens for two blocks, no proof kept out");
		costs.push(cost);
	}
	assert_eq!(costs.iter().min(), Some(&costs[CHEAPEST]));
}

/// Returns the block that this event assigns, its prover and its deadline.
pub fn assignment(event: &RuntimeEvent) -> Option<(u64, AccountId, u64)> {
	match event {
		RuntimeEvent::Rollup(Event::BlockAssigned { block_id, prover, deadline, .. }) => {
			Some((*block_id, prover.clone(), *deadline))
		},
		_ => None,
	}
}

#[test]
fn full_blocks_keep_no_rescue_of_a_member_out() {
	for kind in 0..KINDS {
		let mut chain = chain();
		let (id, missed) = propose_and_draw(&mut chain);
		let (kind, call) = fillers(id, Dave).swap_remove(kind);
		let rescuer = other_prover(missed);
		let mut pool = Transactions::default();
		flood(&mut pool, &mut chain, &call);
		chain.wait(PROOF_WINDOW);
		// The sweep of this block opens the missed one.
		full_block(&mut pool, &mut chain, kind);
		let proof = prove(&mut chain, id, rescuer.to_account_id());
		pool.add(&mut chain, &rescuer.pair(), proof, 0).expect("the block is open");
		let events = last_block(&mut pool, &mut chain, kind);
		assert!(is_proven(&events, id), "{kind} keep the rescue out");
		let cost = cost_of_attack(&mut chain);
		println!("{kind}: {cost} tokens for two blocks, no rescue kept out");
	}
}

#[test]
fn full_blocks_keep_no_override_out() {
	for kind in 0..KINDS {
		let mut chain = chain();
		let (id, prover) = propose_and_draw(&mut chain);
		let (kind, call) = fillers(id, prover).swap_remove(kind);
		let mut pool = Transactions::default();
		flood(&mut pool, &mut chain, &call);
		full_block(&mut pool, &mut chain, kind);
		pool.add(&mut chain, &Alice.pair(), override_by_sudo(id), 0)
			.expect("it is valid");
		last_block(&mut pool, &mut chain, kind);
		let root = chain.look(|| Rollup::positions().proven_root);
		assert_eq!(root, OVERRIDE, "{kind} keep the override out");
		let cost = cost_of_attack(&mut chain);
		println!("{kind}: {cost} tokens for two blocks, no override kept out");
	}
}

/// Returns calls that contain `call` of `real`, by name.
fn wrappers(real: Sr25519Keyring, call: &RuntimeCall) -> Vec<(&'static str, RuntimeCall)> {
	let calls = vec![call.clone()];
	let by_proxy = |call: &RuntimeCall| {
		let real = real.to_account_id().into();
		pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(call.clone()) }
	};
	let nested = pallet_utility::Call::batch { calls: calls.clone() }.into();
	vec![
		("batch", pallet_utility::Call::batch { calls: calls.clone() }.into()),
		("batch_all", pallet_utility::Call::batch_all { calls: calls.clone() }.into()),
		("force_batch", batch(calls)),
		("proxy", by_proxy(call).into()),
		("proxy of a batch", by_proxy(&nested).into()),
	]
}

#[test]
fn r11_a_proof_in_a_batch_or_by_a_proxy_has_no_lane() {
	let mut chain = chain();
	let (id, prover) = propose_and_draw(&mut chain);
	let delegate = Dave.to_account_id().into();
	let proxy_type = configs::ProxyType::Prover;
	chain.do_submit(prover, pallet_proxy::Call::add_proxy { delegate, proxy_type, delay: 0 });
	let proof = prove(&mut chain, id, prover.to_account_id());
	let mut priority = |who, call: &RuntimeCall, tip| {
		chain
			.validate(who, call.clone(), tip)
			.expect("the transaction is valid")
			.priority
	};
	assert!(priority(prover, &proof, 0) > u64::MAX / 2);
	for (name, wrapped) in wrappers(prover, &proof) {
		for who in [prover, Dave] {
			for tip in [0, TIP] {
				assert!(priority(who, &wrapped, tip) <= u64::MAX / 2, "{name} by {who:?}");
			}
		}
	}
	// They contain a proof that counts.
	let (_, by_proxy) = wrappers(prover, &proof).swap_remove(3);
	let events = chain.do_submit(Dave, by_proxy);
	assert!(is_proven(&events, id));
}
