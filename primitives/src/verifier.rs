// SPDX-License-Identifier: Apache-2.0

//! Verifier of the proofs.

use sp_core::H256;
use sp_runtime::DispatchResult;
use sp_weights::Weight;

/// Verifier of the proofs, as the rollup sees it.
pub trait ProofVerifier {
	/// Verifies `proof` against `public_input`, a result of
	/// [`Statement::public_input`](crate::Statement::public_input).
	///
	/// Must not panic, for any bytes.
	fn verify(public_input: H256, proof: &[u8]) -> DispatchResult;

	/// Returns the maximum weight of [`Self::verify`]. The sender of an invalid proof pays for it.
	fn weight() -> Weight;
}
