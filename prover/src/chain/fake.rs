// SPDX-License-Identifier: Apache-2.0

//! Node for tests: blocks whose states the native runtime makes and reads.

use super::Chain;
use codec::{Decode, Encode};
use prover_pool_runtime::{apis::api, RuntimeEvent, VERSION};
use serde_json::{json, Value};
use sp_core::storage::Storage;
use std::{
	collections::BTreeMap,
	sync::{Arc, Mutex, MutexGuard},
};
use subxt::utils::H256;
use subxt_rpcs::{
	client::{mock_rpc_client::Json, MockRpcClient},
	Error, RpcClient, UserError,
};
use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender};

type State = BTreeMap<Vec<u8>, Vec<u8>>;

/// Block of the node.
#[derive(Clone)]
pub struct Block {
	/// Its number.
	pub number: u64,
	/// Its hash.
	pub hash: H256,
	parent: H256,
	body: Vec<Vec<u8>>,
	/// State after the block. `None` if the node discarded it.
	state: Option<State>,
	/// Version and metadata of the runtime after the block.
	runtime: (u32, Vec<u8>),
}

/// Content of the node.
#[derive(Default)]
pub struct Content {
	/// Blocks of the best chain.
	pub blocks: Vec<Block>,
	/// Number of the last finalized block.
	pub finalized: usize,
	/// Number of the first block after genesis that the node keeps.
	pub first_kept: u64,
	/// Nonce of every account.
	pub nonce: u64,
	/// Transactions that were submitted.
	pub submitted: Vec<Vec<u8>>,
	/// Answer to a submission, if it is refused.
	pub refusal: Option<(i32, String)>,
	/// `true` if submissions are not answered.
	pub is_silent: bool,
	/// Watches of transactions, which do not end.
	watches: Vec<UnboundedSender<Json<Value>>>,
	/// Blocks whose bodies cannot be read.
	pub broken_bodies: Vec<u64>,
	/// `true` if the node answers to nothing.
	pub is_gone: bool,
	/// Number of bodies that were read.
	pub bodies_read: u32,
	/// Number of the block whose events were read last.
	pub last_events_read: Option<u64>,
	/// Subscriptions to blocks.
	followers: Vec<UnboundedSender<Json<Value>>>,
}

/// Node with one chain.
#[derive(Clone)]
pub struct FakeNode(Arc<Mutex<Content>>);

impl FakeNode {
	/// Returns a node with the genesis block of the development chain.
	pub fn development() -> Self {
		let node = Self(Arc::default());
		let mut config = preset(None);
		merge(&mut config, preset(Some("development")));
		let config = serde_json::to_vec(&config).unwrap();
		let (built, state) = execute(State::new(), || {
			api::dispatch("GenesisBuilder_build_state", &config.encode()).unwrap()
		});
		assert_eq!(Result::<(), String>::decode(&mut &built[..]).unwrap(), Ok(()));
		let runtime = (VERSION.spec_version, metadata());
		node.content().blocks.push(Block {
			number: 0,
			hash: H256::repeat_byte(0xaa),
			parent: H256::zero(),
			body: vec![],
			state: Some(state),
			runtime,
		});
		node
	}

	/// Returns the content.
	pub fn content(&self) -> MutexGuard<'_, Content> {
		self.0.lock().unwrap()
	}

	/// Adds a finalized block with this body and these events, whose state `change` makes.
	pub fn add(
		&self,
		body: Vec<Vec<u8>>,
		events: Vec<RuntimeEvent>,
		change: impl FnOnce(),
	) -> Block {
		let mut content = self.content();
		let parent = content.blocks.last().unwrap().clone();
		let (_, mut state) = execute(parent.state.unwrap(), change);
		let records: Vec<_> = events
			.into_iter()
			.map(|event| frame_system::EventRecord {
				phase: frame_system::Phase::ApplyExtrinsic(0),
				event,
				topics: Vec::<sp_core::H256>::new(),
			})
			.collect();
		state.insert(super::EVENTS_KEY.to_vec(), records.encode());
		let number = parent.number + 1;
		let block = Block {
			number,
			hash: H256::from_low_u64_be(number),
			parent: parent.hash,
			body,
			state: Some(state),
			runtime: parent.runtime,
		};
		content.blocks.push(block.clone());
		content.finalized = content.blocks.len() - 1;
		// A subscription may have ended.
		content.followers.retain(|follower| follower.send(Json(block.header())).is_ok());
		block
	}

	/// Replaces the runtime in the state after the last block.
	pub fn upgrade(&self, spec_version: u32, metadata: Vec<u8>) {
		self.content().blocks.last_mut().unwrap().set_runtime(spec_version, metadata);
	}

	/// Discards the states of all blocks but the last ones.
	pub fn prune(&self, keep: usize) {
		let mut content = self.content();
		let discarded = content.blocks.len().saturating_sub(keep);
		content.blocks[..discarded].iter_mut().for_each(Block::discard_state);
	}

	/// Reports this status of all transactions that are watched.
	pub fn report(&self, status: Value) {
		for watch in &self.content().watches {
			watch.send(Json(status.clone())).unwrap();
		}
	}

	/// Connects to the node.
	pub async fn connect(&self) -> Chain {
		let (methods, subscriptions) = (self.clone(), self.clone());
		let client = MockRpcClient::builder()
			.method_fallback(move |method, params| {
				let answer = methods.answer(&method, &parse(params));
				async move { answer.map(Json) }
			})
			.subscription_fallback(move |name, params, _| {
				let answer = subscriptions.subscribe(&name, &parse(params));
				async move { answer }
			})
			.build();
		Chain::over(RpcClient::new(client)).await.unwrap()
	}

	fn answer(&self, method: &str, params: &[Value]) -> Result<Value, Error> {
		let mut content = self.content();
		if content.is_gone {
			return Err(Error::DisconnectedWillReconnect("no answer".into()));
		}
		if method == "chain_getBlock" {
			content.bodies_read += 1;
		}
		if method == "state_getStorage" && bytes(&params[0]) == super::EVENTS_KEY {
			content.last_events_read = content.find(params.get(1)).map(|block| block.number);
		}
		let at = |index: usize| content.find(params.get(index));
		Ok(match method {
			"chain_getBlockHash" => match params.first() {
				Some(Value::Array(numbers)) => {
					let hash = |number| content.find(Some(number)).map(|block| block.hash);
					json!(numbers.iter().map(hash).collect::<Vec<_>>())
				},
				_ => json!(at(0).map(|block| block.hash)),
			},
			"chain_getFinalizedHead" => json!(content.blocks[content.finalized].hash),
			"chain_getHeader" => json!(at(0).map(Block::header)),
			"chain_getBlock"
				if at(0).is_some_and(|block| content.broken_bodies.contains(&block.number)) =>
			{
				return Err(error(4003, "the body is broken", ""));
			},
			"chain_getBlock" => json!(at(0).map(|block| json!({
				"block": { "header": block.header(), "extrinsics": hexes(&block.body) },
				"justifications": null,
			}))),
			"state_getStorage" => {
				let key = bytes(&params[0]);
				json!(at(1).unwrap().state()?.get(&key).map(|value| hex_of(value)))
			},
			"state_queryStorageAt" => {
				let block = at(1).unwrap();
				let keys = params[0].as_array().unwrap();
				let value =
					|key: &Value| block.state().unwrap().get(&bytes(key)).map(|v| hex_of(v));
				let changes: Vec<_> = keys.iter().map(|key| json!([key, value(key)])).collect();
				json!([{ "block": block.hash, "changes": changes }])
			},
			"state_call" => {
				let block = at(2).unwrap();
				json!(hex_of(&block.call(params[0].as_str().unwrap(), &bytes(&params[1]))?))
			},
			"system_accountNextIndex" => json!(content.nonce),
			_ => return Err(UserError::method_not_found().into()),
		})
	}

	fn subscribe(
		&self,
		name: &str,
		params: &[Value],
	) -> Result<UnboundedReceiver<Json<Value>>, Error> {
		let mut content = self.content();
		if let "chain_subscribeNewHeads" | "chain_subscribeFinalizedHeads" = name {
			return Ok(content.follow());
		}
		assert_eq!(name, "author_submitAndWatchExtrinsic");
		if content.is_silent {
			return Err(Error::DisconnectedWillReconnect("no answer".into()));
		}
		content.submitted.push(bytes(&params[0]));
		match &content.refusal {
			Some((code, data)) => Err(error(*code, "Invalid Transaction", data)),
			None => {
				let (sender, receiver) = unbounded_channel();
				sender.send(Json(json!("ready"))).unwrap();
				content.watches.push(sender);
				Ok(receiver)
			},
		}
	}
}

impl Content {
	/// Returns a subscription to blocks.
	fn follow(&mut self) -> UnboundedReceiver<Json<Value>> {
		let (sender, receiver) = unbounded_channel();
		sender.send(Json(self.blocks.last().unwrap().header())).unwrap();
		self.followers.push(sender);
		receiver
	}

	/// Returns the number of subscriptions to blocks.
	pub fn followers(&self) -> usize {
		self.followers.len()
	}

	/// Ends all subscriptions to blocks.
	pub fn close_followers(&mut self) {
		self.followers.clear();
	}

	/// Ends all watches of transactions, as a node that stops does.
	pub fn close_watches(&mut self) {
		self.watches.clear();
	}

	/// Returns the block with a number or hash, and the best one without.
	fn find(&self, at: Option<&Value>) -> Option<&Block> {
		match at.filter(|at| !at.is_null()) {
			None => self.blocks.last(),
			Some(Value::Number(number)) => {
				let kept = |block: &&Block| block.number == 0 || block.number >= self.first_kept;
				self.blocks.get(number.as_u64()? as usize).filter(kept)
			},
			Some(hash) => self.blocks.iter().find(|block| json!(block.hash) == *hash),
		}
	}
}

impl Block {
	/// Removes the body, as if the node had discarded it.
	pub fn clear_body(&mut self) {
		self.body.clear();
	}

	/// Removes the state, as if the node had discarded it.
	pub fn discard_state(&mut self) {
		self.state = None;
	}

	/// Replaces the runtime in the state after the block.
	pub fn set_runtime(&mut self, spec_version: u32, metadata: Vec<u8>) {
		self.runtime = (spec_version, metadata);
	}

	/// Takes the runtime of another block.
	pub fn copy_runtime(&mut self, other: &Self) {
		self.runtime = other.runtime.clone();
	}

	fn header(&self) -> Value {
		json!({
			"parentHash": self.parent,
			"number": format!("{:#x}", self.number),
			"stateRoot": H256::zero(),
			"extrinsicsRoot": H256::zero(),
			"digest": { "logs": [] },
		})
	}

	fn state(&self) -> Result<&State, Error> {
		let message =
			format!("Client error: UnknownBlock: State already discarded for {:?}", self.hash);
		self.state.as_ref().ok_or_else(|| error(4003, &message, ""))
	}

	fn call(&self, method: &str, arguments: &[u8]) -> Result<Vec<u8>, Error> {
		let state = self.state()?;
		let (spec_version, metadata) = &self.runtime;
		Ok(match method {
			"Core_version" => {
				sp_version::RuntimeVersion { spec_version: *spec_version, ..VERSION }.encode()
			},
			// The native runtime does not decode the calls of another version.
			"TransactionPaymentApi_query_info" if *spec_version != VERSION.spec_version => {
				return Err(error(4003, "Client error: Execution failed", ""));
			},
			"Metadata_metadata_versions" => vec![15u32].encode(),
			"Metadata_metadata_at_version" => Some(metadata).encode(),
			_ => call(state, method, arguments),
		})
	}
}

/// Replaces the verifying key in a state by one whose proving key cannot be generated.
pub fn set_foreign_key() {
	let key = frame_support::BoundedVec::truncate_from(b"another".to_vec());
	pallet_groth16_verifier::Keys::<prover_pool_runtime::Runtime>::insert(1, key);
}

/// Returns the metadata of the native runtime.
pub fn metadata() -> Vec<u8> {
	// Some constants are parameters, which the runtime reads from storage.
	let metadata =
		execute(State::new(), || prover_pool_runtime::Runtime::metadata_at_version(15)).0;
	metadata.unwrap().to_vec()
}

/// Returns a preset of the genesis: all defaults, or the values that differ from them.
fn preset(name: Option<&str>) -> Value {
	let preset = call(&State::new(), "GenesisBuilder_get_preset", &name.encode());
	let text = Option::<Vec<u8>>::decode(&mut &preset[..]).unwrap().unwrap();
	serde_json::from_slice(&text).unwrap()
}

fn merge(target: &mut Value, patch: Value) {
	match (target, patch) {
		(Value::Object(target), Value::Object(patch)) => {
			for (key, value) in patch {
				merge(target.entry(key).or_insert(Value::Null), value);
			}
		},
		(target, patch) => *target = patch,
	}
}

fn call(state: &State, method: &str, arguments: &[u8]) -> Vec<u8> {
	execute(state.clone(), || api::dispatch(method, arguments)).0.unwrap()
}

/// Executes a function on a state. Returns its result, and the state after it.
fn execute<R>(state: State, function: impl FnOnce() -> R) -> (R, State) {
	let storage = Storage { top: state, children_default: Default::default() };
	sp_io::TestExternalities::new(storage).execute_with(|| {
		let result = function();
		let mut state = State::new();
		let mut key = vec![];
		while let Some(next) = sp_io::storage::next_key(&key) {
			let value = sp_io::storage::get(&next).map(|value| value.to_vec());
			state.insert(next.clone(), value.unwrap_or_default());
			key = next;
		}
		(result, state)
	})
}

fn error(code: i32, message: &str, data: &str) -> Error {
	Error::User(UserError {
		code,
		message: message.into(),
		data: serde_json::value::to_raw_value(data).ok(),
	})
}

fn parse(params: Option<Box<serde_json::value::RawValue>>) -> Vec<Value> {
	params.map_or_else(Vec::new, |params| serde_json::from_str(params.get()).unwrap())
}

fn bytes(value: &Value) -> Vec<u8> {
	hex::decode(value.as_str().unwrap().trim_start_matches("0x")).unwrap()
}

fn hex_of(bytes: &[u8]) -> String {
	format!("0x{}", hex::encode(bytes))
}

fn hexes(items: &[Vec<u8>]) -> Vec<String> {
	items.iter().map(|item| hex_of(item)).collect()
}
