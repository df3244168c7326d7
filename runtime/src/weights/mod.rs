// SPDX-License-Identifier: Apache-2.0

//! The weights of this runtime's own pallets.
//!
//! One module a pallet, each with a `WeightInfo`. `make weights` replaces them by files that it
//! measures with this runtime. The SDK's pallets use the weights that they come with: the
//! benchmarks of this runtime measure them too, once a reference machine is chosen.

/// Weights of `pallet_prover_pool`: those that the pallet comes with.
pub mod pallet_prover_pool {
	pub use pallet_prover_pool::weights::SubstrateWeight as WeightInfo;
}

/// Weights of `pallet_rollup`: those that the pallet comes with.
pub mod pallet_rollup {
	pub use pallet_rollup::weights::SubstrateWeight as WeightInfo;
}
