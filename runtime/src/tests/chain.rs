// SPDX-License-Identifier: Apache-2.0

//! A chain to test on: the development preset, and blocks as a collator makes them.

use super::{presets, proofs};
use crate::*;
use codec::Encode;
use cumulus_primitives_core::{
	relay_chain::well_known_keys::CURRENT_BLOCK_RANDOMNESS, PersistedValidationData,
};
use cumulus_primitives_parachain_inherent::{ParachainInherentData, INHERENT_IDENTIFIER};
use cumulus_test_relay_sproof_builder::RelayStateSproofBuilder;
use frame_support::traits::fungible::InspectHold;
use frame_system::{EventRecord, Phase};
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::{crypto::Pair as _, sr25519::Pair, H256};
use sp_inherents::InherentData;
use sp_io::{hashing::blake2_256, TestExternalities};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	generic::{Digest, DigestItem, Era},
	traits::Header as _,
	BuildStorage, DispatchError, DispatchResult,
};
use sp_trie::{proof_size_extension::ProofSizeExt, recorder::Recorder};
use transfer_rollup::State;

/// Seconds between two blocks of this chain.
pub const BLOCK_TIME: u64 = constants::SLOT_DURATION / 1_000;
/// How long a prover keeps its place at least, in seconds, unless a test changes it.
pub const MIN_CHANGE_DELAY: u64 = 60 * 60;
/// How long an exit takes, in seconds.
pub const EXIT_PERIOD: u64 = 7 * 24 * 60 * 60;
/// How long the drawn prover alone may prove at least, in seconds.
pub const PROOF_WINDOW: u64 = 10 * 60;
/// How long a proven transition can be overridden, in seconds.
pub const COOLDOWN: u64 = 10 * 60;

/// A payload that the example circuit's rollup executes as nothing.
const PAYLOAD: &[u8] = b"the payload of a rollup block";

/// The slot in which the first block is made.
const FIRST_SLOT: u64 = 300_000_000;

/// What a transaction did.
pub struct Outcome {
	/// How its dispatch ended.
	pub result: DispatchResult,
	/// The events that it deposited.
	pub events: Vec<RuntimeEvent>,
}

/// A chain whose blocks hold what a test puts into them.
pub struct Chain {
	state: TestExternalities,
	parent: Header,
	slot: u64,
	/// Bytes of the last block's storage proof, before it is compressed.
	pub proof_size: u64,
}

impl Chain {
	/// The development preset, before its first block.
	pub fn new() -> Self {
		Self::with(|_| ())
	}

	/// The development preset with `changes`, before its first block.
	pub fn with(changes: impl FnOnce(&mut RuntimeGenesisConfig)) -> Self {
		let preset = sp_genesis_builder::DEV_RUNTIME_PRESET.into();
		let mut genesis = presets::genesis_config(&preset);
		changes(&mut genesis);
		let state = genesis.build_storage().expect("the preset builds").into();
		let none = H256::zero;
		let parent = Header::new(0, none(), none(), none(), Digest::default());
		Self { state, parent, slot: FIRST_SLOT, proof_size: 0 }
	}

	/// The same chain, begun with another header.
	pub fn of_another_genesis() -> Self {
		let mut chain = Self::new();
		chain.parent.set_extrinsics_root(H256::repeat_byte(1));
		chain
	}

	/// Looks at the state after the last block.
	pub fn look<R>(&mut self, at: impl FnOnce() -> R) -> R {
		self.state.execute_with(at)
	}

	/// Lets `seconds` pass until the next block.
	pub fn wait(&mut self, seconds: u64) {
		self.slot += seconds.div_ceil(BLOCK_TIME);
	}

	/// Makes the next block, with these transactions, and returns what they did. Events of the
	/// block's hooks come second.
	pub fn block(
		&mut self,
		calls: Vec<(Sr25519Keyring, RuntimeCall)>,
	) -> (Vec<Outcome>, Vec<RuntimeEvent>) {
		let calls = calls.into_iter().map(|(who, call)| (who.pair(), call));
		let made = self.block_by(calls.collect());
		self.look(assert_invariants);
		made
	}

	/// The same by any signers, and without a look at the invariants, which takes longer the more
	/// rollup blocks wait.
	///
	/// The proof of the block is recorded, as a collator does, so that transactions give back the
	/// proof size that they do not use.
	pub fn block_by(
		&mut self,
		calls: Vec<(Pair, RuntimeCall)>,
	) -> (Vec<Outcome>, Vec<RuntimeEvent>) {
		let parent = self.parent.clone();
		let slot = self.slot;
		let recorder = Recorder::default();
		self.state.commit_all().expect("no transaction is open");
		self.state.register_extension(ProofSizeExt::new(recorder.clone()));
		let (header, outcomes, hooks) = self.state.execute_with_recorder(recorder.clone(), || {
			let digest =
				Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
			let number = parent.number + 1;
			let none = H256::zero;
			let header = Header::new(number, none(), none(), parent.hash(), digest);
			Executive::initialize_block(&header);

			let inherents = inherent_data(&parent, slot).create_extrinsics();
			let first = inherents.len() as u32;
			for inherent in inherents {
				apply(inherent).expect("an inherent is dispatched");
			}
			let results: Vec<_> =
				calls.into_iter().map(|(who, call)| apply(signed_by(&who, call))).collect();
			let header = Executive::finalize_block();

			let events = System::read_events_no_consensus().map(|record| *record);
			let mut hooks = Vec::new();
			let mut of_calls: Vec<Vec<RuntimeEvent>> = results.iter().map(|_| vec![]).collect();
			for EventRecord { phase, event, .. } in events {
				match phase {
					Phase::ApplyExtrinsic(index) if index >= first => {
						of_calls[(index - first) as usize].push(event)
					},
					_ => hooks.push(event),
				}
			}
			let outcomes = results
				.into_iter()
				.zip(of_calls)
				.map(|(result, events)| Outcome { result, events })
				.collect();
			(header, outcomes, hooks)
		});
		self.parent = header;
		self.slot += 1;
		self.proof_size = recorder.estimate_encoded_size() as u64;
		(outcomes, hooks)
	}

	/// Makes a block with this one transaction.
	pub fn submit(&mut self, who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> Outcome {
		let (mut outcomes, _) = self.block(vec![(who, call.into())]);
		outcomes.pop().expect("one transaction has one outcome")
	}

	/// Makes a block with this one transaction, which must succeed.
	pub fn do_submit(
		&mut self,
		who: Sr25519Keyring,
		call: impl Into<RuntimeCall>,
	) -> Vec<RuntimeEvent> {
		let outcome = self.submit(who, call);
		assert_eq!(outcome.result, Ok(()));
		outcome.events
	}

	/// Makes a block with this one transaction, which must fail, and returns why.
	pub fn fail(&mut self, who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> DispatchError {
		self.submit(who, call).result.expect_err("the transaction must fail")
	}

	/// Proposes a rollup block, and returns its id and the prover that was drawn.
	pub fn propose(&mut self, who: Sr25519Keyring, gas_limit: u32) -> (u64, Option<AccountId>) {
		self.propose_payload(who, PAYLOAD, gas_limit)
	}

	/// Proposes a rollup block with this payload.
	pub fn propose_payload(
		&mut self,
		who: Sr25519Keyring,
		payload: &[u8],
		gas_limit: u32,
	) -> (u64, Option<AccountId>) {
		let events = self.do_submit(who, propose_payload(payload, gas_limit));
		events
			.into_iter()
			.find_map(|event| match event {
				RuntimeEvent::Rollup(pallet_rollup::Event::BlockProposed {
					block_id,
					assigned,
					..
				}) => Some((block_id, assigned)),
				_ => None,
			})
			.expect("proposing tells")
	}

	/// The call by which `prover` proves a block of [`Self::propose`], if all blocks before it are of
	/// the same kind: the state stays what it is.
	pub fn prove(&mut self, block_id: u64, prover: Sr25519Keyring) -> RuntimeCall {
		let parent = State::genesis();
		let (transition, proof) = proofs::solve(self, block_id, prover, &parent, PAYLOAD);
		proofs::prove_with(block_id, transition, proof)
	}

	/// What an account has, free and on hold.
	pub fn balance(&mut self, who: Sr25519Keyring) -> (Balance, Balance) {
		self.look(|| {
			let who = who.to_account_id();
			(Balances::free_balance(&who), Balances::total_balance_on_hold(&who))
		})
	}
}

/// What the collator and the relay chain have to say about a block in `slot`.
fn inherent_data(parent: &Header, slot: u64) -> InherentData {
	let vrf_output = Some(H256(blake2_256(&slot.encode())));
	let relay_chain = RelayStateSproofBuilder {
		para_id: constants::PARA_ID.into(),
		current_slot: slot.into(),
		included_para_head: Some(parent.encode().into()),
		additional_key_values: vec![(CURRENT_BLOCK_RANDOMNESS.to_vec(), vrf_output.encode())],
		..Default::default()
	};
	let (root, relay_chain_state) = relay_chain.into_state_root_and_proof();
	let parachain = ParachainInherentData {
		validation_data: PersistedValidationData {
			parent_head: parent.encode().into(),
			relay_parent_number: slot as u32,
			relay_parent_storage_root: root,
			max_pov_size: 5 * 1024 * 1024,
		},
		relay_chain_state,
		downward_messages: Default::default(),
		horizontal_messages: Default::default(),
		relay_parent_descendants: Default::default(),
		collator_peer_id: None,
	};
	let mut data = InherentData::new();
	let timestamp = slot * constants::SLOT_DURATION;
	data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &timestamp).expect("encodes");
	data.put_data(INHERENT_IDENTIFIER, &parachain).expect("encodes");
	data
}

fn apply(extrinsic: UncheckedExtrinsic) -> DispatchResult {
	Executive::apply_extrinsic(extrinsic).expect("a transaction that is valid")
}

/// A transaction as a wallet signs it. To be called where its block is being made.
pub fn signed(who: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
	signed_by(&who.pair(), call)
}

fn signed_by(who: &Pair, call: RuntimeCall) -> UncheckedExtrinsic {
	let account = AccountId::from(who.public());
	let nonce = System::account_nonce(&account);
	let extension = TxExtension::new((
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::Immortal),
		frame_system::CheckNonce::from(nonce),
		frame_system::CheckWeight::new(),
		pallet_transaction_payment::ChargeTransactionPayment::from(0),
		frame_metadata_hash_extension::CheckMetadataHash::new(false),
	));
	let payload = generic::SignedPayload::new(call, extension).expect("nothing to look up fails");
	let signature = payload.using_encoded(|bytes| who.sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(call, account.into(), signature.into(), extension)
}

/// What always holds, by our pallets' own account, and with the feature by every pallet's.
pub fn assert_invariants() {
	ProverPool::do_try_state().expect("the pool's invariants hold");
	Rollup::do_try_state().expect("the rollup's invariants hold");
	Groth16Verifier::do_try_state().expect("the verifier's invariants hold");
	#[cfg(feature = "try-runtime")]
	{
		use frame_support::traits::{TryState, TryStateSelect};
		let number = System::block_number();
		<AllPalletsWithSystem as TryState<BlockNumber>>::try_state(number, TryStateSelect::All)
			.expect("the invariants hold");
	}
}

/// The call that proposes a rollup block.
pub fn propose(gas_limit: u32) -> RuntimeCall {
	propose_payload(PAYLOAD, gas_limit)
}

/// The call that proposes a rollup block with this payload.
pub fn propose_payload(payload: &[u8], gas_limit: u32) -> RuntimeCall {
	pallet_rollup::Call::propose_block {
		payload: payload.to_vec().try_into().expect("is short"),
		gas_limit,
	}
	.into()
}

/// A call that brings no proof at all.
pub fn prove_without_proof() -> RuntimeCall {
	pallet_rollup::Call::prove_block {
		block_id: 1,
		transition: Default::default(),
		proof: Default::default(),
	}
	.into()
}

/// The call that takes a place in the pool.
pub fn stake(amount: u32, reward_per_gas: u16, max_capacity: u16) -> RuntimeCall {
	pallet_prover_pool::Call::stake { amount, reward_per_gas, max_capacity }.into()
}

/// The call that leaves it.
pub fn exit() -> RuntimeCall {
	pallet_prover_pool::Call::exit {}.into()
}

/// The call that takes a mature exit out.
pub fn withdraw() -> RuntimeCall {
	pallet_prover_pool::Call::withdraw {}.into()
}

/// The call that moves tokens.
pub fn transfer(to: Sr25519Keyring, value: Balance) -> RuntimeCall {
	let dest = to.to_account_id().into();
	pallet_balances::Call::transfer_keep_alive { dest, value }.into()
}

/// The fee that a transaction with these events paid.
pub fn fee_of(events: &[RuntimeEvent]) -> Balance {
	events
		.iter()
		.find_map(|event| match event {
			RuntimeEvent::TransactionPayment(
				pallet_transaction_payment::Event::TransactionFeePaid { actual_fee, .. },
			) => Some(*actual_fee),
			_ => None,
		})
		.expect("a signed transaction pays")
}
