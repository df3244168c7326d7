// SPDX-License-Identifier: Apache-2.0

//! Fees, metadata, versions and limits.

use super::chain::*;
use crate::{configs::RuntimeBlockWeights, constants::*, *};
use codec::Decode;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use frame_support::{dispatch::GetDispatchInfo, traits::Get};
use scale_info::{PortableRegistry, TypeDef, TypeInfo};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Dave};

#[test]
fn fees_go_to_the_collators() {
	let mut chain = Chain::new();
	let issuance = chain.look(Balances::total_issuance);
	let before = chain.balance(Dave).0;
	let (alice, _) = chain.balance(Alice);
	let fee = fee_of(&chain.do_submit(Dave, transfer(Bob, UNIT)));
	assert!(fee > MICRO_UNIT && fee < UNIT, "a transfer costs {fee}");
	assert_eq!(chain.balance(Dave).0, before - UNIT - fee);

	let pot = chain.look(|| Balances::free_balance(CollatorSelection::account_id()));
	assert_eq!(pot, EXISTENTIAL_DEPOSIT + fee);
	chain.block(vec![]);
	assert_eq!(chain.balance(Alice).0, alice + fee / 2, "the author of the next block gets half");
	assert_eq!(chain.look(Balances::total_issuance), issuance);
}

#[test]
fn every_block_has_a_seed_of_the_relay_block_it_is_built_on() {
	let mut chain = Chain::new();
	chain.block(vec![]);
	let seed = chain
		.look(pallet_relay_randomness::Seed::<Runtime>::get)
		.expect("every block has one");
	assert_eq!(seed.source, pallet_relay_randomness::Source::CurrentBlockVrf);
	assert_eq!(seed.known_since, 1);
	chain.block(vec![]);
	let next = chain
		.look(pallet_relay_randomness::Seed::<Runtime>::get)
		.expect("every block has one");
	assert_ne!(next.value, seed.value);
	assert_eq!(next.known_since, 2);
}

/// Asserts that these variants exist, and that each variant of the type has docs in the metadata.
fn assert_documented<T: TypeInfo>(names: &[&str]) {
	let TypeDef::Variant(variants) = T::type_info().type_def else {
		panic!("calls, events and errors are enums")
	};
	for name in names {
		assert!(variants.variants.iter().any(|variant| variant.name == *name), "no {name}");
	}
	for variant in variants.variants {
		assert!(!variant.docs.is_empty(), "{} has no docs", variant.name);
	}
}

#[test]
fn the_metadata_documents_what_people_see_of_our_pallets() {
	assert_documented::<pallet_prover_pool::Call<Runtime>>(&["stake", "exit", "withdraw"]);
	assert_documented::<pallet_prover_pool::Event<Runtime>>(&["Staked", "Slashed"]);
	assert_documented::<pallet_prover_pool::Error<Runtime>>(&["InvalidParams", "NoMatureExit"]);
	assert_documented::<pallet_rollup::Call<Runtime>>(&[
		"propose_block",
		"prove_block",
		"settle_blocks",
		"override_transition",
	]);
	assert_documented::<pallet_rollup::Event<Runtime>>(&["BlockProposed", "BlockSettled"]);
	assert_documented::<pallet_rollup::Error<Runtime>>(&["NotAssigned", "WrongParentState"]);
}

/// Returns the types in the metadata of this version, decoded as clients do.
fn types_in_metadata(version: u32) -> PortableRegistry {
	// Constants that governance can change are read from storage.
	let encoded = sp_io::TestExternalities::default()
		.execute_with(|| Runtime::metadata_at_version(version))
		.expect("the version is supported");
	let RuntimeMetadataPrefixed(_, metadata) =
		Decode::decode(&mut &encoded[..]).expect("clients can decode it");
	match metadata {
		RuntimeMetadata::V14(metadata) => metadata.types,
		RuntimeMetadata::V15(metadata) => metadata.types,
		other => panic!("version {} was not asked for", other.version()),
	}
}

/// py-substrate-interface finds the types of events and calls only as `<crate>::RuntimeEvent` and
/// `<crate>::RuntimeCall`. With another module in these paths it cannot decode any event.
#[test]
fn the_metadata_has_the_outer_types_at_the_crate_root() {
	const OUTER_TYPES: [&str; 4] = ["OriginCaller", "RuntimeCall", "RuntimeError", "RuntimeEvent"];
	let outer_paths = |version| {
		let mut paths: Vec<String> = types_in_metadata(version)
			.types
			.iter()
			.map(|entry| &entry.ty.path.segments)
			.filter(|path| path.last().is_some_and(|name| OUTER_TYPES.contains(&name.as_str())))
			.map(|path| path.join("::"))
			.collect();
		paths.sort();
		paths
	};
	let at_root = |name: &str| format!("prover_pool_runtime::{name}");
	assert_eq!(outer_paths(15), OUTER_TYPES.map(at_root));
	// This version has no `RuntimeError`.
	let without_error = OUTER_TYPES.into_iter().filter(|name| *name != "RuntimeError");
	assert_eq!(outer_paths(14), without_error.map(at_root).collect::<Vec<_>>());
}

#[test]
fn metadata_hash_is_made_with_the_tokens_symbol_and_decimals() {
	let expected = format!("enable_metadata_hash(\"{TOKEN_SYMBOL}\", {TOKEN_DECIMALS})");
	assert!(include_str!("../../wasm/build.rs").contains(&expected));
	assert_eq!(UNIT, 10u128.pow(TOKEN_DECIMALS.into()));
}

#[test]
fn the_heaviest_of_our_transactions_fit_into_a_block() {
	let normal = RuntimeBlockWeights::get().per_class;
	let limit = normal
		.get(frame_support::dispatch::DispatchClass::Normal)
		.max_extrinsic
		.expect("is limited");
	let payload = vec![0; configs::MaxPayloadSize::get() as usize];
	let proposal: RuntimeCall = pallet_rollup::Call::propose_block {
		payload: payload.try_into().expect("is the largest"),
		gas_limit: 1,
	}
	.into();
	for call in [proposal, prove_without_proof(), stake(1, 1, 1), exit(), withdraw()] {
		let weight = call.get_dispatch_info().call_weight;
		assert!(weight.all_lt(limit / 4), "{call:?} weighs {weight}, of {limit}");
	}
}

/// Settling takes only what transactions leave.
#[test]
fn closing_windows_leaves_half_of_a_block() {
	use pallet_rollup::{Config, WeightInfo};
	use prover_pool_primitives::ProverPool as _;
	type Weights = <Runtime as Config>::WeightInfo;
	let closed: u32 = <Runtime as Config>::MaxClosedPerBlock::get();
	let slash = Weights::share_slash() + ProverPool::slash_weight();
	let hook = Weights::close_windows(closed) + slash * u64::from(closed);
	let block = RuntimeBlockWeights::get().max_block;
	assert!(hook.all_lt(block / 2), "{hook} of {block}");
}

#[test]
fn as_many_blocks_as_may_be_settled_in_one_go_fit_into_a_transaction() {
	let settle: RuntimeCall = pallet_rollup::Call::settle_blocks { max_blocks: u32::MAX }.into();
	let weight = settle.get_dispatch_info().call_weight;
	let normal = RuntimeBlockWeights::get().per_class;
	let limit = normal
		.get(frame_support::dispatch::DispatchClass::Normal)
		.max_extrinsic
		.expect("is limited");
	assert!(weight.all_lt(limit), "{weight} of {limit}");
}

#[test]
fn slots_of_this_chain_are_those_of_the_relay_chain() {
	assert_eq!(SLOT_DURATION, u64::from(RELAY_CHAIN_SLOT_DURATION_MILLIS));
	assert_eq!(HOURS, 600);
}
