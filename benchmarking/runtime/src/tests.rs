// SPDX-License-Identifier: Apache-2.0

//! The bencher finds what it needs.

use crate::*;
use sp_genesis_builder::{runtime_decl_for_genesis_builder::GenesisBuilder, DEV_RUNTIME_PRESET};

/// The default state, with a keystore for collators' keys.
pub fn new_test_ext() -> sp_io::TestExternalities {
	let mut ext = sp_io::TestExternalities::default();
	ext.register_extension(sp_keystore::KeystoreExt::new(
		sp_keystore::testing::MemoryKeystore::new(),
	));
	ext.execute_with(|| {
		let default = Runtime::get_preset(&None).unwrap();
		Runtime::build_state(default).unwrap();
	});
	ext
}

#[test]
fn the_preset_is_the_default_state() {
	assert_eq!(Runtime::preset_names(), [DEV_RUNTIME_PRESET]);
	let patch = Runtime::get_preset(&Some(DEV_RUNTIME_PRESET.into()));
	assert_eq!(patch.as_deref(), Some(&b"{}"[..]));
	new_test_ext().execute_with(|| assert_eq!(System::block_number(), 0));
}
