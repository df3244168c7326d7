// SPDX-License-Identifier: Apache-2.0

//! Verifier of proofs, and user of its keys.

use sp_runtime::DispatchResult;
use sp_weights::Weight;

/// Verifier of the proofs, as the rollup sees it.
pub trait ProofVerifier {
	/// Returns the rules version of new proposals, or `None` if no key is active.
	fn active_version() -> Option<u32>;

	/// Verifies `proof` against the SCALE encoding of a [`Statement`](crate::Statement), with the
	/// key of this rules version only.
	///
	/// Must not panic for any input.
	fn verify(version: u32, statement: &[u8], proof: &[u8]) -> DispatchResult;

	/// Returns the maximum weight of [`Self::verify`]. The sender of an invalid proof pays for it.
	fn weight() -> Weight;
}

/// User of the keys, as the verifier sees it.
pub trait KeyUser {
	/// Returns `true` if an unsettled block of this rules version exists.
	fn is_needed(version: u32) -> bool;

	/// Returns the maximum weight of [`Self::is_needed`], which may search the blocks.
	fn is_needed_weight() -> Weight;

	/// Returns `true` if keys may be replaced.
	fn is_paused() -> bool;

	/// Removes the data of a version whose key was removed.
	fn on_removed(version: u32);

	/// Opens all drawn unproven blocks, and voids the proofs by the replaced key of this version.
	fn on_replaced(version: u32);
}

impl KeyUser for () {
	fn is_needed(_: u32) -> bool {
		false
	}

	fn is_needed_weight() -> Weight {
		Weight::zero()
	}

	fn is_paused() -> bool {
		true
	}

	fn on_removed(_: u32) {}

	fn on_replaced(_: u32) {}
}
