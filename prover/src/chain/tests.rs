// SPDX-License-Identifier: Apache-2.0

//! The prover uses the names and types of the runtime.

use super::{
	events::{BlockSettled, Slashed},
	*,
};
use crate::rollup::Transition;
use codec::Encode;
use pallet_rollup::{
	BlockKey, Blocks, Event as RollupEvent, OpenReason, RollupState, StoredTransition as Stored,
};
use prover_pool_runtime::{Runtime, RuntimeCall, RuntimeEvent};
use scale_decode::DecodeAsType;
use subxt::{
	client::{ClientAtBlock, OfflineClientAtBlockImpl},
	Metadata, OfflineClient,
};

mod calls;
mod events;
mod snapshot;
mod versions;

type Offline = ClientAtBlock<SubstrateConfig, OfflineClientAtBlockImpl<SubstrateConfig>>;
type Block = pallet_rollup::RollupBlockOf<Runtime>;

const VERSION: u32 = 1;
const PROVER: [u8; 32] = [7; 32];

#[tokio::test]
async fn a_node_that_takes_a_connection_and_stays_silent_is_left() {
	let node = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
	let url = format!("ws://{}", node.local_addr().unwrap());
	let error = Chain::connect_within(Duration::from_millis(1), &url).await.err().unwrap();
	assert!(error.to_string().contains("cannot connect to a node"), "{error:#}");
}

fn metadata() -> Metadata {
	// Some constants are parameters, which the runtime reads from storage.
	let metadata = sp_io::TestExternalities::default()
		.execute_with(|| Runtime::metadata_at_version(15).unwrap());
	Metadata::decode_from(&metadata).unwrap()
}

fn offline() -> Offline {
	let config = SubstrateConfig::builder()
		.set_metadata_for_spec_versions([(VERSION, metadata().arc())])
		.set_spec_version_for_block_ranges([subxt::config::substrate::SpecVersionForRange {
			block_range: 0..u64::MAX,
			spec_version: VERSION,
			transaction_version: VERSION,
		}])
		.build();
	OfflineClient::new_with_config(config).at_block(0u64).unwrap()
}

/// Decodes a value of a pallet's storage.
fn stored<T: DecodeAsType>(pallet: &str, name: &str, value: impl Encode) -> T {
	let metadata = metadata();
	let entries = metadata.pallet_by_name(pallet).unwrap().storage().unwrap();
	let value_type = entries.entry_by_name(name).unwrap().value_ty();
	T::decode_as_type(&mut &value.encode()[..], value_type, metadata.types()).unwrap()
}

fn transition() -> Transition {
	Transition { parent_state_root: [1; 32], state_root: [2; 32], gas_used: 3 }
}

fn block(phase: pallet_rollup::Phase<sp_core::crypto::AccountId32>) -> Block {
	pallet_rollup::RollupBlock {
		proposer: [4; 32].into(),
		payload_hash: [5; 32],
		payload_size: 6,
		gas_limit: 8,
		proposed_in: 9,
		rules_version: 10,
		fee_per_gas: 11,
		reward_per_gas: 12,
		deposit: 13,
		phase,
		is_outstanding: true,
		transition: Some(Stored {
			transition: transition(),
			prover: Some(PROVER.into()),
			stored_at: 14,
			is_timely: true,
			proven_at: None,
			overridden: None,
			key_replacements: 15,
		}),
	}
}

/// Returns the events as the prover reads them.
fn decode(events: Vec<RuntimeEvent>) -> Vec<Event> {
	let records: Vec<_> = events
		.into_iter()
		.map(|event| frame_system::EventRecord {
			phase: frame_system::Phase::Initialization,
			event,
			topics: Vec::<sp_core::H256>::new(),
		})
		.collect();
	offline()
		.events()
		.from_bytes(records.encode())
		.iter()
		.filter_map(|event| Event::decode(&event.unwrap()).unwrap())
		.collect()
}

/// Returns the metadata of a runtime whose rollup pallet has a new first event and call.
pub fn shifted_metadata() -> Vec<u8> {
	metadata_with(&["Event", "Call"], |variants| {
		variants.iter_mut().for_each(|variant| variant.index += 1);
	})
}

/// Returns the metadata of a runtime that has no call with a proof.
pub fn metadata_without_proofs() -> Vec<u8> {
	metadata_with(&["Call"], |variants| variants.retain(|variant| variant.name != "prove_block"))
}

/// Returns the metadata after a change of these types of the rollup pallet.
fn metadata_with(
	kinds: &[&str],
	change: impl Fn(&mut Vec<scale_info::Variant<scale_info::form::PortableForm>>),
) -> Vec<u8> {
	use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
	use scale_info::TypeDef;

	let decoded = RuntimeMetadataPrefixed::decode(&mut &fake::metadata()[..]).unwrap();
	let RuntimeMetadata::V15(mut metadata) = decoded.1 else { panic!() };
	for kind in kinds {
		let path = ["pallet_rollup", "pallet", kind];
		let found = metadata.types.types.iter_mut().find(|ty| ty.ty.path.segments == path);
		let TypeDef::Variant(variants) = &mut found.unwrap().ty.type_def else { panic!() };
		change(&mut variants.variants);
	}
	RuntimeMetadataPrefixed(decoded.0, RuntimeMetadata::V15(metadata)).encode()
}

fn settled() -> RuntimeEvent {
	RollupEvent::<Runtime>::BlockSettled {
		block_id: 5,
		state_root: [3; 32],
		prover: Some(PROVER.into()),
		reward: 6,
		refund: 7,
		slashed: 8,
		bounty: 9,
	}
	.into()
}
