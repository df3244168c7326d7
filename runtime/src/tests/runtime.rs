// SPDX-License-Identifier: Apache-2.0

//! Fees, metadata, versions and limits.

use super::chain::*;
use crate::{configs::RuntimeBlockWeights, constants::*, *};
use codec::Decode;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use frame_support::dispatch::GetDispatchInfo;
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
	use prover_pool_primitives::Seeds as _;
	let mut chain = Chain::new();
	let mut next = || {
		chain.block(vec![]);
		chain.look(|| {
			let seeds = pallet_relay_randomness::Seeds::<Runtime>::get();
			(seeds.expect("every block has them"), RelayRandomness::drawable_before())
		})
	};
	let (first, drawable_before) = next();
	assert_eq!(first.source, pallet_relay_randomness::Source::CurrentBlockVrf);
	assert_eq!((first.newest.known_since, first.older), (1, None));
	assert_eq!(drawable_before, None);

	let (second, drawable_before) = next();
	assert_eq!(second.relay_block, first.relay_block + 1);
	assert_ne!(second.newest.value, first.newest.value);
	assert_eq!((second.newest.known_since, second.older), (2, Some(first.newest)));
	assert_eq!(drawable_before, Some(1));
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
fn the_metadata_documents_calls_events_and_errors_of_our_pallets() {
	assert_documented::<pallet_prover_pool::Call<Runtime>>(&[
		"stake",
		"exit",
		"withdraw",
		"set_operator",
		"exit_for",
	]);
	assert_documented::<pallet_prover_pool::Event<Runtime>>(&["Staked", "Slashed"]);
	assert_documented::<pallet_prover_pool::Error<Runtime>>(&["InvalidParams", "NoMatureExit"]);
	assert_documented::<pallet_rollup::Call<Runtime>>(&[
		"propose_block",
		"prove_block",
		"override_block",
		"resume_draws",
		"pause",
		"resume",
		"open_undrawn",
	]);
	assert_documented::<pallet_rollup::Event<Runtime>>(&["BlockProposed", "BlockSettled"]);
	assert_documented::<pallet_rollup::Error<Runtime>>(&["NotAssigned", "WrongParentState"]);
	assert_documented::<pallet_groth16_verifier::Call<Runtime>>(&["activate_key", "replace_key"]);
	assert_documented::<pallet_groth16_verifier::Event<Runtime>>(&["KeyActivated"]);
	assert_documented::<pallet_groth16_verifier::Error<Runtime>>(&["ForgeableKey"]);
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
		other => panic!("unexpected metadata version {}", other.version()),
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
fn the_metadata_hash_includes_symbol_and_decimals_of_the_token() {
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
		max_fee_per_gas: u32::MAX,
	}
	.into();
	for call in [proposal, prove_without_proof(), stake(1, 1, 1), exit(), withdraw()] {
		let weight = call.get_dispatch_info().call_weight;
		assert!(weight.all_lt(limit / 4), "{call:?} weighs {weight}, of {limit}");
	}
}

#[test]
fn slots_of_this_chain_and_the_relay_chain_have_the_same_length() {
	assert_eq!(SLOT_DURATION, u64::from(RELAY_CHAIN_SLOT_DURATION_MILLIS));
	assert_eq!(HOURS, 600);
}
