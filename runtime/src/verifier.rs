// SPDX-License-Identifier: Apache-2.0

//! What stands where the verifier of zero-knowledge proofs belongs.

use codec::Encode;
use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight};
use pallet_rollup::{ProofVerifier, Statement};
use sp_io::hashing::blake2_256;

/// Accepts the BLAKE2b-256 digest of the SCALE-encoded statement, and nothing else.
///
/// **It proves nothing about the rollup block.** Anybody can compute the digest. It is there so
/// that everything around a proof can be run: it binds a proof to one block, one payload and one
/// account, hence one prover's proof cannot be handed in by another, or for another block. A
/// chain that carries value replaces this type, in one line of the rollup's configuration, by a
/// verifier of the rollup's proof system that takes the encoded statement as public input.
pub struct DigestVerifier;

impl<AccountId: Encode> ProofVerifier<AccountId> for DigestVerifier {
	fn verify(statement: &Statement<AccountId>, proof: &[u8]) -> bool {
		statement.using_encoded(blake2_256) == *proof
	}

	/// A hash of a few bytes, whatever the proof's size: a proof of another length is refused
	/// before it is read.
	fn weight(_: u32) -> Weight {
		Weight::from_parts(10 * WEIGHT_REF_TIME_PER_MICROS, 0)
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl<AccountId: Encode> pallet_rollup::BenchmarkProver<AccountId> for DigestVerifier {
	fn prove(statement: &Statement<AccountId>) -> alloc::vec::Vec<u8> {
		statement.using_encoded(blake2_256).to_vec()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::AccountId;
	use sp_core::H256;

	fn statement() -> Statement<AccountId> {
		Statement {
			block_id: 7,
			payload_hash: H256::repeat_byte(3),
			prover: AccountId::from([1; 32]),
		}
	}

	fn accepts(statement: &Statement<AccountId>, proof: &[u8]) -> bool {
		<DigestVerifier as ProofVerifier<AccountId>>::verify(statement, proof)
	}

	#[test]
	fn a_proof_is_bound_to_block_payload_and_account() {
		let proof = statement().using_encoded(blake2_256);
		assert!(accepts(&statement(), &proof));
		assert!(!accepts(
			&Statement {
				block_id: 8,
				..statement()
			},
			&proof
		));
		assert!(!accepts(
			&Statement {
				payload_hash: H256::repeat_byte(4),
				..statement()
			},
			&proof
		));
		assert!(!accepts(
			&Statement {
				prover: AccountId::from([2; 32]),
				..statement()
			},
			&proof
		));
	}

	#[test]
	fn nothing_but_the_exact_digest_is_accepted() {
		let proof = statement().using_encoded(blake2_256);
		assert!(!accepts(&statement(), &[]));
		assert!(!accepts(&statement(), &proof[..31]));
		assert!(!accepts(&statement(), &[&proof[..], &[0]].concat()));
	}
}
