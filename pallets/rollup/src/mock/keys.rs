// SPDX-License-Identifier: Apache-2.0

//! Keys of the rules versions, and proofs by them.

use super::*;
use pallet_groth16_verifier::{simulator, LastVersion};
use prover_pool_primitives::public_input;

pub type KeyError = pallet_groth16_verifier::Error<Test>;

/// Returns the error of a proof that does not verify.
pub fn invalid_proof() -> DispatchError {
	KeyError::InvalidProof.into()
}

/// Returns the number of replacements of a version's key.
fn replacements_of(version: KeyVersion) -> u32 {
	KeyReplacements::get().get(&version).copied().unwrap_or_default()
}

/// Returns the set-up of a version's key after a number of replacements.
fn setup_of(version: KeyVersion, replacements: u32) -> u32 {
	version * 1_000 + replacements
}

/// Returns the first key of a version.
pub fn key(version: KeyVersion) -> BoundedVec<u8, MaxKeySize> {
	key_after(version, 0)
}

/// Returns the key of a version after a number of replacements.
fn key_after(version: KeyVersion, replacements: u32) -> BoundedVec<u8, MaxKeySize> {
	let key = simulator::encoded_key_of::<Curve>(setup_of(version, replacements));
	key.try_into().unwrap()
}

/// Activates a version, with keys added for it and for those before it.
pub fn activate(version: KeyVersion) {
	for added in LastVersion::<Test>::get() + 1..=version {
		Verifier::add_key(RuntimeOrigin::root(), key(added)).unwrap();
	}
	Verifier::activate_key(RuntimeOrigin::root(), version).unwrap();
}

/// Replaces the key of a version.
pub fn replace_key(version: KeyVersion) -> DispatchResult {
	let replacements = replacements_of(version) + 1;
	let key = key_after(version, replacements);
	with_storage_layer(|| Verifier::replace_key(RuntimeOrigin::root(), version, key))?;
	KeyReplacements::mutate(|all| all.insert(version, replacements));
	Ok(())
}

/// Returns the valid proof of a statement by the key of a version.
pub fn proof_of(version: KeyVersion, statement: &[u8]) -> Vec<u8> {
	let setup = setup_of(version, replacements_of(version));
	simulator::encoded_proof_by::<Curve>(setup, public_input(statement))
}
