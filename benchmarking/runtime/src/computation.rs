// SPDX-License-Identifier: Apache-2.0

//! # Computation
//!
//! What an assignment computes, without the storage and the clock that [`growth`](crate::growth)
//! measures with it, in pools of as many places. A pallet without storage or calls.

pub use pallet::*;

#[frame_support::pallet]
pub mod pallet {
	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {}
}

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking {
	use super::*;
	use codec::Encode;
	use frame_benchmarking::v2::*;
	use prover_pool_computation::{assign, LargestPool, LARGEST_FEE, SIZES, USUAL_FEE};

	/// The pool of the `index`th size, encoded.
	fn encoded(pool: fn(u32) -> LargestPool, index: u32) -> alloc::vec::Vec<u8> {
		pool(SIZES[index as usize]).encode()
	}

	#[benchmarks]
	mod benchmarks {
		use super::*;

		/// Numbers as they may be on a chain.
		#[benchmark]
		fn usual(i: Linear<0, 5>) {
			let before = encoded(prover_pool_computation::usual, i);
			let after;

			#[block]
			{
				after = assign(&before, USUAL_FEE);
			}

			assert_ne!(after, before);
		}

		/// The largest numbers.
		#[benchmark]
		fn largest(i: Linear<0, 5>) {
			let before = encoded(prover_pool_computation::largest, i);
			let after;

			#[block]
			{
				after = assign(&before, LARGEST_FEE);
			}

			assert_ne!(after, before);
		}

		impl_benchmark_test_suite!(Pallet, crate::tests::new_test_ext(), crate::Runtime);
	}
}
