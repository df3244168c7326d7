// SPDX-License-Identifier: Apache-2.0

//! The bencher finds the state that it builds on.

use crate::*;
use sp_genesis_builder::{runtime_decl_for_genesis_builder::GenesisBuilder, DEV_RUNTIME_PRESET};

/// Builds the default state.
pub fn new_test_ext() -> sp_io::TestExternalities {
	let mut ext = sp_io::TestExternalities::default();
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
