// SPDX-License-Identifier: Apache-2.0

//! Chain for tests: the development preset, and blocks as a collator makes them.

pub use super::calls::*;
use super::{presets, proofs};
use crate::*;
use codec::Encode;
use cumulus_primitives_core::{
	relay_chain::well_known_keys::CURRENT_BLOCK_RANDOMNESS, PersistedValidationData,
};
use cumulus_primitives_parachain_inherent::{ParachainInherentData, INHERENT_IDENTIFIER};
use cumulus_test_relay_sproof_builder::RelayStateSproofBuilder;
use frame_support::{
	dispatch::DispatchClass, storage::storage_prefix, traits::fungible::InspectHold,
};
use frame_system::{EventRecord, Phase};
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::{crypto::Pair as _, sr25519::Pair, H256};
use sp_inherents::InherentData;
use sp_io::{hashing::blake2_256, TestExternalities};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	generic::{Digest, DigestItem, Era},
	traits::Header as _,
	transaction_validity::{TransactionSource, TransactionValidity, TransactionValidityError},
	BuildStorage, DispatchError, DispatchResult,
};
use sp_trie::{proof_size_extension::ProofSizeExt, recorder::Recorder};
use transfer_rollup::State;

/// Seconds between two blocks of this chain.
pub const BLOCK_TIME: u64 = constants::SLOT_DURATION / 1_000;
/// Minimum time that a prover keeps its place, in seconds, unless a test changes it.
pub const MIN_CHANGE_DELAY: u64 = 60 * 60;
/// Exit period, in seconds.
pub const EXIT_PERIOD: u64 = 7 * 24 * 60 * 60;
/// Minimum proof window, in seconds.
pub const PROOF_WINDOW: u64 = 10 * 60;
/// Time in which a proven block can be overridden, in seconds.
pub const COOLDOWN: u64 = 10 * 60;

/// Slot of the first block.
const FIRST_SLOT: u64 = 300_000_000;

/// Outcome of a transaction.
pub struct Outcome {
	/// Result of its dispatch.
	pub result: DispatchResult,
	/// Events that it deposited.
	pub events: Vec<RuntimeEvent>,
}

/// Chain whose blocks contain the transactions of a test.
pub struct Chain {
	state: TestExternalities,
	parent: Header,
	slot: u64,
	/// The inherents of the next block use all of its weight.
	is_crowded: bool,
	/// Size of the last block's storage proof before compression, in bytes.
	pub proof_size: u64,
}

impl Chain {
	/// Returns a chain of the development preset, before its first block.
	pub fn new() -> Self {
		Self::with(|_| ())
	}

	/// Returns a chain of the development preset with `changes`, before its first block.
	pub fn with(changes: impl FnOnce(&mut RuntimeGenesisConfig)) -> Self {
		let preset = sp_genesis_builder::DEV_RUNTIME_PRESET.into();
		let mut genesis = presets::genesis_config(&preset);
		changes(&mut genesis);
		let state = genesis.build_storage().expect("the preset builds").into();
		let none = H256::zero;
		let parent = Header::new(0, none(), none(), none(), Digest::default());
		Self { state, parent, slot: FIRST_SLOT, is_crowded: false, proof_size: 0 }
	}

	/// Returns the same chain with another genesis header.
	pub fn of_another_genesis() -> Self {
		let mut chain = Self::new();
		chain.parent.set_extrinsics_root(H256::repeat_byte(1));
		chain
	}

	/// Runs `at` on the state after the last block.
	pub fn look<R>(&mut self, at: impl FnOnce() -> R) -> R {
		self.state.execute_with(at)
	}

	/// Advances the clock of rollup and pool by `seconds`, as that time in blocks does.
	pub fn wait(&mut self, seconds: u64) {
		self.look(|| {
			pallet_rollup::State::<Runtime>::mutate(|state| state.clock.elapsed += seconds * 1_000)
		});
	}

	/// Stops the chain for `seconds` until the next block.
	pub fn halt(&mut self, seconds: u64) {
		self.slot += seconds.div_ceil(BLOCK_TIME);
	}

	/// Makes the next block on the relay block of the last one, as with elastic scaling.
	pub fn stay_on_relay_block(&mut self) {
		self.slot -= 1;
	}

	/// Lets the relay block of the last block have another one, as with elastic scaling on more cores
	/// than this runtime plans for.
	pub fn allow_another_block(&mut self) {
		self.look(|| sp_io::storage::clear(&storage_prefix(b"AuraExt", b"RelaySlotInfo")));
	}

	/// Lets the inherents of the next block use all of its weight, so that `on_poll` has none.
	pub fn leave_no_weight(&mut self) {
		self.is_crowded = true;
	}

	/// Returns the state after the last block, from which [`Self::of`] continues.
	pub fn snapshot(mut self) -> Snapshot {
		self.state.commit_all().expect("no transaction is open");
		let (entries, root) = self.state.into_raw_snapshot();
		Snapshot { entries, root, parent: self.parent, slot: self.slot }
	}

	/// Returns a chain that continues after the last block of another one.
	pub fn of(snapshot: &Snapshot) -> Self {
		let Snapshot { entries, root, parent, slot } = snapshot;
		let version = sp_runtime::StateVersion::V1;
		let state = TestExternalities::from_raw_snapshot(entries.clone(), *root, version);
		let parent = parent.clone();
		Self { state, parent, slot: *slot, is_crowded: false, proof_size: 0 }
	}

	/// Makes the next block with these transactions. Returns their outcomes, and the events of the
	/// block's hooks.
	pub fn block(
		&mut self,
		calls: Vec<(Sr25519Keyring, RuntimeCall)>,
	) -> (Vec<Outcome>, Vec<RuntimeEvent>) {
		let calls = calls.into_iter().map(|(who, call)| (who.pair(), call));
		let made = self.block_by(calls.collect());
		self.look(assert_invariants);
		made
	}

	/// Makes the next block with transactions of any signers. Does not check the invariants, which
	/// takes longer with more unsettled blocks.
	///
	/// Records the proof of the block, as a collator does, so that unused proof size is reclaimed.
	pub fn block_by(
		&mut self,
		calls: Vec<(Pair, RuntimeCall)>,
	) -> (Vec<Outcome>, Vec<RuntimeEvent>) {
		self.make_block(|| {
			calls.into_iter().map(|(who, call)| apply(signed_by(&who, call))).collect()
		})
	}

	/// Makes a block whose transactions `transact` applies. Each has one result, in order.
	pub fn make_block(
		&mut self,
		transact: impl FnOnce() -> Vec<DispatchResult>,
	) -> (Vec<Outcome>, Vec<RuntimeEvent>) {
		let parent = self.parent.clone();
		let slot = self.slot;
		let is_crowded = core::mem::take(&mut self.is_crowded);
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
			if is_crowded {
				use_all_weight();
			}
			// The events of `on_poll` have the phase of the first transaction.
			Executive::inherents_applied();
			let automatic = System::event_count() as usize;
			let results = transact();
			let header = Executive::finalize_block();

			let (outcomes, hooks) = sort_events(results, first, automatic);
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

	/// Makes a block with this one transaction, which must fail, and returns the error.
	pub fn fail(&mut self, who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> DispatchError {
		self.submit(who, call).result.expect_err("the transaction must fail")
	}

	/// Makes a block with this call of the sudo key, and returns the result of the call.
	pub fn govern(&mut self, call: impl Into<RuntimeCall>) -> DispatchResult {
		self.do_submit(Sr25519Keyring::Alice, sudo(call))
			.into_iter()
			.find_map(|event| match event {
				RuntimeEvent::Sudo(pallet_sudo::Event::Sudid { sudo_result }) => Some(sudo_result),
				_ => None,
			})
			.expect("sudo deposits the result")
	}

	/// Returns the error by which the transaction pool refuses this transaction.
	pub fn refuse(
		&mut self,
		who: Sr25519Keyring,
		call: impl Into<RuntimeCall>,
	) -> TransactionValidityError {
		self.validate(who, call, 0).expect_err("the transaction must be refused")
	}

	/// Validates a transaction as the transaction pool does.
	pub fn validate(
		&mut self,
		who: Sr25519Keyring,
		call: impl Into<RuntimeCall>,
		tip: Balance,
	) -> TransactionValidity {
		let transaction = self.look(|| signed_with_tip(&who.pair(), call.into(), tip));
		self.validate_signed(transaction)
	}

	/// Validates a signed transaction as the transaction pool does.
	pub fn validate_signed(&mut self, transaction: UncheckedExtrinsic) -> TransactionValidity {
		let parent = self.parent.hash();
		let source = TransactionSource::External;
		self.look(|| {
			sp_io::storage::start_transaction();
			let validity = Executive::validate_transaction(source, transaction, parent);
			sp_io::storage::rollback_transaction();
			validity
		})
	}

	/// Proposes a rollup block, makes the blocks until its draw, and returns its id and the prover
	/// that was drawn.
	pub fn propose(&mut self, who: Sr25519Keyring, gas_limit: u32) -> (u64, Option<AccountId>) {
		self.propose_payload(who, PAYLOAD, gas_limit)
	}

	/// Does [`Self::propose`] with this payload.
	pub fn propose_payload(
		&mut self,
		who: Sr25519Keyring,
		payload: &[u8],
		gas_limit: u32,
	) -> (u64, Option<AccountId>) {
		self.do_submit(who, propose_payload(payload, gas_limit));
		// The first new seed mixes with one that the proposer saw.
		self.block(vec![]);
		let (_, hooks) = self.block(vec![]);
		hooks
			.into_iter()
			.find_map(|event| match event {
				RuntimeEvent::Rollup(pallet_rollup::Event::BlockAssigned {
					block_id,
					prover,
					..
				}) => Some((block_id, Some(prover))),
				RuntimeEvent::Rollup(pallet_rollup::Event::BlockOpened { block_id, .. }) => {
					Some((block_id, None))
				},
				_ => None,
			})
			.expect("the block is drawn")
	}

	/// Returns the call by which `prover` proves a block of [`Self::propose`]. All blocks before it
	/// must be of the same kind, so that the state has not changed.
	pub fn prove(&mut self, block_id: u64, prover: Sr25519Keyring) -> RuntimeCall {
		let parent = State::genesis();
		let (transition, proof) = proofs::solve(self, block_id, prover, &parent, PAYLOAD);
		proofs::prove_with(block_id, prover, transition, proof)
	}

	/// Returns the free balance of an account, and its balance on hold.
	pub fn balance(&mut self, who: Sr25519Keyring) -> (Balance, Balance) {
		self.look(|| {
			let who = who.to_account_id();
			(Balances::free_balance(&who), Balances::total_balance_on_hold(&who))
		})
	}
}

/// Value of the trie's database, and the number of references to it.
type Counted = (Vec<u8>, i32);

/// State of a chain after a block.
pub struct Snapshot {
	entries: Vec<(Vec<u8>, Counted)>,
	root: H256,
	parent: Header,
	slot: u64,
}

/// Uses the weight of this block as an inherent does.
fn use_all_weight() {
	let weight = configs::MAXIMUM_BLOCK_WEIGHT;
	System::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
}

/// Returns the inherent data of a block in `slot`.
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

/// Returns the results of the transactions from index `first` on, each with its events, and the other
/// events. The `automatic` first events are those before any transaction.
fn sort_events(
	results: Vec<DispatchResult>,
	first: u32,
	automatic: usize,
) -> (Vec<Outcome>, Vec<RuntimeEvent>) {
	let mut hooks = Vec::new();
	let mut outcomes: Vec<_> =
		results.into_iter().map(|result| Outcome { result, events: vec![] }).collect();
	let events = System::read_events_no_consensus().map(|record| *record);
	for (position, EventRecord { phase, event, .. }) in events.enumerate() {
		match phase {
			Phase::ApplyExtrinsic(index) if position >= automatic && !outcomes.is_empty() => {
				outcomes[(index - first) as usize].events.push(event)
			},
			_ => hooks.push(event),
		}
	}
	(outcomes, hooks)
}

fn apply(extrinsic: UncheckedExtrinsic) -> DispatchResult {
	Executive::apply_extrinsic(extrinsic).expect("the transaction is valid")
}

/// Returns a transaction as a wallet signs it. Call it while the block is being made.
pub fn signed(who: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
	signed_by(&who.pair(), call)
}

fn signed_by(who: &Pair, call: RuntimeCall) -> UncheckedExtrinsic {
	signed_with_tip(who, call, 0)
}

/// Returns a transaction with a tip, in the smallest unit of the token.
pub fn signed_with_tip(who: &Pair, call: RuntimeCall, tip: Balance) -> UncheckedExtrinsic {
	let nonce = System::account_nonce(AccountId::from(who.public()));
	signed_with_nonce(who, call, tip, nonce)
}

/// Returns a transaction with a tip and a nonce.
pub fn signed_with_nonce(
	who: &Pair,
	call: RuntimeCall,
	tip: Balance,
	nonce: Nonce,
) -> UncheckedExtrinsic {
	let account = AccountId::from(who.public());
	let extension = TxExtension::new((
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::Immortal),
		frame_system::CheckNonce::from(nonce),
		frame_system::CheckWeight::new(),
		pallet_rollup::ProofLane::new(pallet_transaction_payment::ChargeTransactionPayment::from(
			tip,
		)),
		frame_metadata_hash_extension::CheckMetadataHash::new(false),
	));
	let payload =
		generic::SignedPayload::new(call, extension).expect("the implicit data is available");
	let signature = payload.using_encoded(|bytes| who.sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(call, account.into(), signature.into(), extension)
}

/// Asserts the invariants of our pallets, and with `try-runtime` of all pallets.
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

/// Sets the funds of an account of the preset.
pub fn set_funds(genesis: &mut RuntimeGenesisConfig, who: Sr25519Keyring, funds: Balance) {
	let mut balances = genesis.balances.balances.iter_mut();
	let account = who.to_account_id();
	balances.find(|(other, _)| *other == account).expect("it is endowed").1 = funds;
}

/// Lets the provers of the preset have capacity for this number of blocks each.
pub fn set_capacity(genesis: &mut RuntimeGenesisConfig, capacity: u16) {
	genesis.prover_pool.provers = genesis_config_presets::PROVERS
		.map(|(who, _, price, _)| (who.to_account_id(), 9_000_000, price, capacity))
		.into();
}

/// Returns the fee that a transaction with these events paid.
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
