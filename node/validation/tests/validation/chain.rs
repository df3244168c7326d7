// SPDX-License-Identifier: Apache-2.0

//! Parachain, and its collator.

use crate::{
	candidate::{seal, Candidate},
	relay::RelayBlock,
	transactions::sign,
	validator::built_code,
};
use codec::{Decode, Encode};
use cumulus_client_service::ParachainHostFunctions;
use prover_pool_runtime::{
	genesis_config_presets::get_preset, Block, Header, RuntimeCall, RuntimeEvent,
	RuntimeGenesisConfig, System, UncheckedExtrinsic,
};
use sc_executor::WasmExecutor;
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::{
	storage::well_known_keys::CODE,
	traits::{CallContext, CodeExecutor, ReadRuntimeVersionExt, RuntimeCode, WrappedRuntimeCode},
	Blake2Hasher, H256,
};
use sp_inherents::InherentData;
use sp_io::{hashing::blake2_256, TestExternalities};
use sp_keyring::Sr25519Keyring::{self, Alice};
use sp_runtime::{
	generic::{Digest, DigestItem},
	traits::Header as _,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	ApplyExtrinsicResult, BuildStorage, Weight,
};
use sp_trie::{proof_size_extension::ProofSizeExt, recorder::Recorder};
use std::sync::LazyLock;

/// Executor of collators, which all tests share because the runtime takes long to compile.
static EXECUTOR: LazyLock<WasmExecutor<ParachainHostFunctions>> =
	LazyLock::new(|| WasmExecutor::builder().build());

/// Slot of the first block.
const FIRST_SLOT: u64 = 300_000_000;

/// Number of inherents in a block: time and relay chain.
const INHERENTS: usize = 2;

/// Chain of the development preset.
pub struct Chain {
	state: TestExternalities,
	parent: Header,
	/// Slot of the next block.
	pub slot: u64,
}

/// Block that the collator made.
pub struct Made {
	/// The block, for validators.
	pub candidate: Candidate,
	/// Number of its transactions.
	pub transactions: usize,
	/// `true` if at least one transaction did not fit.
	pub is_full: bool,
	/// Events of the block.
	pub events: Vec<RuntimeEvent>,
	/// Weight of the block.
	pub weight: Weight,
}

impl Made {
	/// Returns `true` if the block has such an event.
	pub fn has(&self, is_wanted: impl Fn(&RuntimeEvent) -> bool) -> bool {
		self.events.iter().any(is_wanted)
	}
}

impl Chain {
	/// Returns the chain before its first block.
	pub fn new() -> Self {
		Self::with(|_| ())
	}

	/// Returns the chain with `changes` before its first block.
	pub fn with(changes: impl FnOnce(&mut RuntimeGenesisConfig)) -> Self {
		let mut genesis = genesis();
		changes(&mut genesis);
		let storage = genesis.build_storage().expect("the preset builds");
		let mut state =
			TestExternalities::new_with_code_and_state(built_code(), storage, Default::default());
		state.register_extension(ReadRuntimeVersionExt::new(EXECUTOR.clone()));
		let none = H256::zero;
		let root = *state.backend.root();
		let parent = Header::new(0, none(), root, none(), Digest::default());
		Self { state, parent, slot: FIRST_SLOT }
	}

	/// Runs `at` on the state after the last block.
	pub fn look<R>(&mut self, at: impl FnOnce() -> R) -> R {
		self.state.execute_with(at)
	}

	/// Returns the code of the next block.
	pub fn code(&mut self) -> Vec<u8> {
		self.look(|| sp_io::storage::get(CODE)).expect("genesis has code").into()
	}

	/// Makes the next block, with as many of the transactions as fit.
	pub fn block(&mut self, calls: Vec<(Sr25519Keyring, RuntimeCall)>) -> Made {
		self.block_on(&RelayBlock::new(self.slot), calls)
	}

	/// Makes the next block on a relay block.
	pub fn block_on(
		&mut self,
		relay: &RelayBlock,
		calls: Vec<(Sr25519Keyring, RuntimeCall)>,
	) -> Made {
		let transactions = self.look(|| sign(calls));
		let code = self.code();
		self.state.commit_all().expect("no transaction is open");
		let (relay_data, relay_state) = relay.data(&self.parent);
		let collator = Collator { code: &code, recorder: Recorder::default() };
		self.state.register_extension(ProofSizeExt::new(collator.recorder.clone()));
		let (block, is_full) = self.state.execute_with_recorder(collator.recorder.clone(), || {
			let inherents = relay.inherent_data(relay_data.clone(), relay_state);
			collator.block(&self.parent, relay.slot, inherents, transactions)
		});
		let proof = collator.recorder.drain_storage_proof();
		let parent = core::mem::replace(&mut self.parent, block.header.clone());
		self.slot = relay.slot + 1;
		let (events, weight) = self.look(|| {
			let events = System::read_events_no_consensus().map(|record| record.event);
			(events.collect(), System::block_weight().total())
		});
		let transactions = block.extrinsics.len() - INHERENTS;
		let candidate = Candidate { parent, block, proof, relay_data };
		Made { candidate, transactions, is_full, events, weight }
	}
}

/// Returns the genesis of the development preset.
fn genesis() -> RuntimeGenesisConfig {
	let preset = get_preset(&sp_genesis_builder::DEV_RUNTIME_PRESET.into()).expect("it exists");
	let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serializes");
	let patch = serde_json::from_slice(&preset).expect("presets are JSON");
	sc_chain_spec::json_patch::merge(&mut config, patch);
	serde_json::from_value(config).expect("a patch changes values, not their types")
}

/// Author of a block. Its functions must run on the state of the parent.
struct Collator<'a> {
	code: &'a [u8],
	recorder: Recorder<Blake2Hasher>,
}

impl Collator<'_> {
	/// Makes a block. Returns also `true` if a transaction did not fit.
	fn block(
		&self,
		parent: &Header,
		slot: u64,
		inherents: InherentData,
		transactions: Vec<UncheckedExtrinsic>,
	) -> (Block, bool) {
		let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
		let none = H256::zero;
		let header = Header::new(parent.number + 1, none(), none(), parent.hash(), digest);
		self.call::<()>("Core_initialize_block", header.encode());
		let mut included: Vec<UncheckedExtrinsic> =
			self.call("BlockBuilder_inherent_extrinsics", inherents.encode());
		assert_eq!(included.len(), INHERENTS);
		for inherent in &included {
			let result = self.apply(inherent).expect("inherents are valid");
			result.expect("inherents are dispatched");
		}
		let count = transactions.len();
		for transaction in transactions {
			match self.apply(&transaction) {
				Ok(_) => included.push(transaction),
				Err(TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources)) => {
					break
				},
				Err(error) => panic!("{transaction:?}: {error:?}"),
			}
		}
		let is_full = included.len() < INHERENTS + count;
		let mut header: Header = self.call("BlockBuilder_finalize_block", vec![]);
		seal(&mut header, Alice);
		(Block { header, extrinsics: included }, is_full)
	}

	/// Applies a transaction. If it is invalid, it changes neither the state nor the proof.
	fn apply(&self, extrinsic: &UncheckedExtrinsic) -> ApplyExtrinsicResult {
		self.recorder.start_transaction();
		sp_io::storage::start_transaction();
		let result: ApplyExtrinsicResult =
			self.call("BlockBuilder_apply_extrinsic", extrinsic.encode());
		if result.is_ok() {
			sp_io::storage::commit_transaction();
			self.recorder.commit_transaction().expect("it is open");
		} else {
			sp_io::storage::rollback_transaction();
			self.recorder.rollback_transaction().expect("it is open");
		}
		result
	}

	/// Calls a function of the runtime.
	fn call<R: Decode>(&self, function: &str, arguments: Vec<u8>) -> R {
		let code = RuntimeCode {
			code_fetcher: &WrappedRuntimeCode(self.code.into()),
			heap_pages: None,
			hash: blake2_256(self.code).to_vec(),
		};
		let context = CallContext::Onchain { import: false };
		let output = sp_externalities::with_externalities(|state| {
			EXECUTOR.call(state, &code, function, &arguments, context).0
		});
		let output = output.expect("a state is set").unwrap_or_else(|error| panic!("{error}"));
		R::decode(&mut &output[..]).expect("the runtime's types are the native ones")
	}
}
