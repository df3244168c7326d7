// SPDX-License-Identifier: Apache-2.0

//! Merkle tree of balances, natively and as constraints.
//!
//! Its hash is Poseidon over the scalar field of BN254: width 3 with 2 inputs, 8 full and 57
//! partial rounds, x⁵ as the S-box. That is the usual choice for 128 bits of security. The library
//! derives round constants and matrix from these numbers with the Grain LFSR, as the
//! [paper](https://eprint.iacr.org/2019/458) proposes. All leaves have the same depth, so that a
//! node cannot pass as a leaf.

use ark_bn254::Fr;
use ark_crypto_primitives::{
	crh::{
		poseidon::{
			constraints::{CRHParametersVar, TwoToOneCRHGadget},
			TwoToOneCRH,
		},
		TwoToOneCRHScheme, TwoToOneCRHSchemeGadget,
	},
	sponge::poseidon::{find_poseidon_ark_and_mds, PoseidonConfig},
};
use ark_ff::{BigInteger, PrimeField};
use ark_r1cs_std::fields::fp::FpVar;
use ark_relations::gr1cs::SynthesisError;
use prover_pool_statement::Hash;
use std::sync::LazyLock;

const INPUTS: usize = 2;
const FULL_ROUNDS: u32 = 8;
const PARTIAL_ROUNDS: u32 = 57;
const EXPONENT: u64 = 5;
/// Number of rejected matrices: the first one of the LFSR is secure for this field.
const SKIPPED_MATRICES: u64 = 0;

/// Parameters of the hash.
pub static POSEIDON: LazyLock<PoseidonConfig<Fr>> = LazyLock::new(|| {
	let (ark, mds) = find_poseidon_ark_and_mds(
		Fr::MODULUS_BIT_SIZE.into(),
		INPUTS,
		FULL_ROUNDS.into(),
		PARTIAL_ROUNDS.into(),
		SKIPPED_MATRICES,
	);
	PoseidonConfig::new(
		FULL_ROUNDS as usize,
		PARTIAL_ROUNDS as usize,
		EXPONENT,
		mds,
		ark,
		INPUTS,
		1,
	)
});

/// Returns the root of these leaves as a number in big-endian. Their number must be a power of two.
pub fn root(leaves: &[u64]) -> Hash {
	let mut level: Vec<Fr> = leaves.iter().copied().map(Fr::from).collect();
	while level.len() > 1 {
		level = level.chunks_exact(2).map(|pair| hash(pair[0], pair[1])).collect();
	}
	// An element of the field has 254 bits, which fit into 32 bytes.
	let mut root = Hash::default();
	root.copy_from_slice(&level[0].into_bigint().to_bytes_be());
	root
}

/// Returns the hash of two elements.
pub fn hash(left: Fr, right: Fr) -> Fr {
	TwoToOneCRH::compress(&POSEIDON, left, right).expect("a sponge takes any two elements; qed")
}

/// Returns [`root`] as constraints.
pub fn root_var(leaves: &[FpVar<Fr>]) -> Result<FpVar<Fr>, SynthesisError> {
	let parameters = CRHParametersVar { parameters: POSEIDON.clone() };
	let mut level = leaves.to_vec();
	while level.len() > 1 {
		level = level
			.chunks_exact(2)
			.map(|pair| TwoToOneCRHGadget::compress(&parameters, &pair[0], &pair[1]))
			.collect::<Result<_, _>>()?;
	}
	Ok(level.remove(0))
}
