// SPDX-License-Identifier: Apache-2.0

//! Runtime upgrades.

use crate::{
	chain::Chain,
	relay::RelayBlock,
	transactions::sudo,
	validator::{built_code, Validator, VALIDATOR},
};
use codec::Encode;
use cumulus_primitives_core::relay_chain::UpgradeGoAhead;
use frame_system::{Call, LastRuntimeUpgrade, LastRuntimeUpgradeInfo};
use polkadot_parachain_primitives::primitives::ValidationResult;
use prover_pool_runtime::{Runtime, RuntimeCall, VERSION};
use sp_keyring::Sr25519Keyring::Alice;
use sp_maybe_compressed_blob::{compress_weakly, decompress, CODE_BLOB_BOMB_LIMIT};
use sp_runtime::traits::{BlakeTwo256, Hash};
use sp_version::{embed::embed_runtime_version, RuntimeVersion};

/// Returns the same runtime as a later release.
fn next_code() -> Vec<u8> {
	let version = RuntimeVersion { spec_version: VERSION.spec_version + 1, ..VERSION };
	let code = decompress(built_code(), CODE_BLOB_BOMB_LIMIT).expect("it decompresses");
	let code = embed_runtime_version(&code, version).expect("it is WebAssembly");
	compress_weakly(&code, CODE_BLOB_BOMB_LIMIT).expect("it is small enough")
}

/// Makes a block on a relay block, which validators must accept.
fn accept(
	validator: &Validator,
	chain: &mut Chain,
	relay: &RelayBlock,
	calls: Vec<RuntimeCall>,
) -> ValidationResult {
	let made = chain.block_on(relay, calls.into_iter().map(|call| (Alice, call)).collect());
	assert!(!made.is_full);
	validator.validate(made.candidate.params()).expect("the block is valid")
}

#[test]
fn validators_accept_the_blocks_of_an_upgrade() {
	let mut chain = Chain::new();
	let code = next_code();
	let next = |chain: &mut Chain, signal, calls| {
		let relay = RelayBlock { signal, ..RelayBlock::new(chain.slot) };
		accept(&VALIDATOR, chain, &relay, calls)
	};
	next(&mut chain, None, vec![]);
	let code_hash = BlakeTwo256::hash(&code);
	next(&mut chain, None, vec![sudo(Call::authorize_upgrade { code_hash })]);
	let apply = Call::apply_authorized_upgrade { code: code.clone() };
	let scheduled = next(&mut chain, None, vec![apply.into()]);
	assert!(scheduled.new_validation_code.is_some_and(|new| new.0 == code));
	assert_eq!(next(&mut chain, None, vec![]).new_validation_code, None);

	// Only its embedded version is new. With this entry, the next block runs the migrations.
	let spec_name = VERSION.spec_name;
	let earlier = LastRuntimeUpgradeInfo { spec_version: 0.into(), spec_name };
	let items = vec![(LastRuntimeUpgrade::<Runtime>::hashed_key().to_vec(), earlier.encode())];
	let calls = vec![sudo(Call::set_storage { items })];
	assert!(chain.code() == built_code());
	next(&mut chain, Some(UpgradeGoAhead::GoAhead), calls);
	assert!(chain.code() == code);

	let validator = Validator::new(&code);
	for _ in 0..2 {
		let relay = RelayBlock::new(chain.slot);
		accept(&validator, &mut chain, &relay, vec![]);
		let last = chain.look(LastRuntimeUpgrade::<Runtime>::get).expect("genesis sets it");
		assert_eq!(last.spec_version.0, VERSION.spec_version);
	}
}
