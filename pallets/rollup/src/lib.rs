// SPDX-License-Identifier: Apache-2.0

//! # Rollup Pallet
//!
//! A rollup whose blocks are proven by the provers of a pool.
//!
//! ## Pallet API
//!
//! See the [`pallet`] module for the calls, storage items, events, errors and Config items, and
//! [`runtime_api`] for the reads.
//!
//! ## Overview
//!
//! - **Propose**: anyone proposes a block. Its payload stays in the chain block's body, its hash
//!   in storage, its reward on hold on the proposer's account. The pool draws a prover; when it
//!   has nobody to draw, the block is open to everyone.
//! - **Prove**: inside its window the prover that was drawn alone may prove the block, after it
//!   anyone. The capacity comes back to the prover that was drawn when the proof arrives, whoever
//!   brings it.
//! - **Miss**: in the chain block after the window closed, the chain itself slashes the prover and
//!   opens the block. A proof that comes before that, in the same chain block, has it done first.
//! - **Settle**: blocks are settled by the chain itself in their order; only then is the reward
//!   paid out of the proposer's hold.
//!
//! ## Low level details
//!
//! Everything is bounded: unsettled blocks by [`Config::MaxUnsettledBlocks`], payloads and proofs
//! by their Config items, one proof a block, and the work of a chain block by
//! [`Config::MaxClosedPerBlock`] and [`Config::MaxSettledPerBlock`]; what is more waits for the
//! next chain block, in order. `lifecycle` has the life of a block in the order above.
//!
//! The clock is set by an inherent after `on_initialize`, so windows are closed there by the time
//! of the parent block: a window is never closed early, and one chain block late at most while
//! the bound is not reached.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;
pub use types::{BlockState, Progress, ProofVerifier, RollupBlock, Statement};
pub use weights::WeightInfo;

pub mod runtime_api;
pub mod weights;

mod lifecycle;
mod types;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(feature = "runtime-benchmarks")]
pub use types::BenchmarkProver;

// Native builds have it for the tests of whoever uses this pallet.
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{hold, Balanced, Credit, Inspect},
			OnUnbalanced, UnixTime,
		},
	};
	use frame_system::pallet_prelude::*;
	use prover_pool_primitives::{BlockId, ProverPool};
	use sp_core::H256;

	/// The currency's balance.
	pub type BalanceOf<T> =
		<<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

	/// What a slash took.
	pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

	/// A rollup block of this runtime.
	pub type RollupBlockOf<T> =
		RollupBlock<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;

	/// The layout of the storage. A change of it comes with a migration and the next number.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The weights of the calls and of the hook's steps.
		type WeightInfo: WeightInfo;

		/// What rewards are paid in, on hold under [`HoldReason::Reward`] until then.
		type Currency: hold::Mutate<Self::AccountId, Reason: From<HoldReason>>
			+ Balanced<Self::AccountId>;

		/// The pool that provers are drawn from.
		type ProverPool: ProverPool<
			Self::AccountId,
			Balance = BalanceOf<Self>,
			Credit = CreditOf<Self>,
		>;

		/// The chain's clock. Windows count in Unix seconds.
		type Time: UnixTime;

		/// What decides whether a proof is good.
		type ProofVerifier: ProofVerifier<Self::AccountId>;

		/// Where slashes go. `()` burns them. The weights of this pallet count a burn: whatever does
		/// more adds it to `WeightInfo::prove_block` and `WeightInfo::close_window`.
		type OnSlash: OnUnbalanced<CreditOf<Self>>;

		/// What a proposer pays for each unit of gas, in the smallest unit of the currency. The
		/// prover that is drawn is paid its own price, within the pool's tolerance of this.
		#[pallet::constant]
		type FeePerGas: Get<u32>;

		/// How long the prover that was drawn has a block for itself, in seconds. Keep it well below
		/// the pool's exit period, or a prover can be gone with its stake before it has missed.
		#[pallet::constant]
		type ProofWindow: Get<u64>;

		/// What a longer `ProofWindow` counts as, in seconds. It bounds how long a mistake of
		/// governance can hold up the settlement.
		#[pallet::constant]
		type MaxProofWindow: Get<u64>;

		/// How many blocks may be proposed and not settled at the same time.
		#[pallet::constant]
		type MaxUnsettledBlocks: Get<u32>;

		/// The largest payload, in bytes.
		#[pallet::constant]
		type MaxPayloadSize: Get<u32>;

		/// The largest proof, in bytes.
		#[pallet::constant]
		type MaxProofSize: Get<u32>;

		/// The most gas that a block may use.
		#[pallet::constant]
		type MaxGasLimit: Get<u32>;

		/// How many rollup blocks' windows are looked at in one chain block.
		#[pallet::constant]
		type MaxClosedPerBlock: Get<u32>;

		/// How many rollup blocks are settled in one chain block.
		#[pallet::constant]
		type MaxSettledPerBlock: Get<u32>;

		/// Moves the clock in benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkClock: prover_pool_primitives::BenchmarkClock;

		/// Makes proofs that [`Config::ProofVerifier`] accepts in benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkProver: crate::types::BenchmarkProver<Self::AccountId>;
	}

	/// Why this pallet holds balance.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The rewards of a proposer's unsettled blocks.
		#[codec(index = 0)]
		Reward,
	}

	/// How far the rollup is.
	#[pallet::storage]
	pub type RollupProgress<T: Config> = StorageValue<_, Progress, ValueQuery>;

	/// The blocks that are not settled, by id. Bounded by `MaxUnsettledBlocks`.
	#[pallet::storage]
	pub type Blocks<T: Config> = StorageMap<_, Twox64Concat, BlockId, RollupBlockOf<T>>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A block was proposed.
		BlockProposed {
			/// The block.
			block_id: BlockId,
			/// Who proposed it.
			proposer: T::AccountId,
			/// Blake2-256 of the payload.
			payload_hash: H256,
			/// The prover that was drawn; `None` when the block is open to everyone.
			assigned: Option<T::AccountId>,
			/// What its prover is paid for each unit of gas.
			reward_per_gas: u32,
			/// The last second of the prover's window, in Unix seconds.
			closes_at: Option<u64>,
		},
		/// A prover missed its window; the block is open to everyone.
		WindowClosed {
			/// The block.
			block_id: BlockId,
			/// Who missed it, and was slashed.
			missed_by: T::AccountId,
		},
		/// A block was proven.
		BlockProven {
			/// The block.
			block_id: BlockId,
			/// Who proved it.
			prover: T::AccountId,
		},
		/// A block was settled, and its prover paid.
		BlockSettled {
			/// The block.
			block_id: BlockId,
			/// Who proved it.
			prover: T::AccountId,
			/// What the prover really got.
			reward: BalanceOf<T>,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// `MaxUnsettledBlocks` blocks wait to be proven and settled. Try again later.
		TooManyUnsettledBlocks,
		/// The gas limit is 0 or above `MaxGasLimit`.
		InvalidGasLimit,
		/// There is no such block, or it is settled.
		UnknownBlock,
		/// The block's window is open, and the signer is not the prover that was drawn.
		NotAssigned,
		/// The block has a proof.
		AlreadyProven,
		/// The proof does not show that the signer executed the block.
		InvalidProof,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Self::advance()
		}

		fn integrity_test() {
			assert!(
				T::MaxUnsettledBlocks::get() > 0,
				"MaxUnsettledBlocks is 0: no block could be proposed"
			);
			assert!(
				T::MaxGasLimit::get() > 0,
				"MaxGasLimit is 0: no block could be proposed"
			);
			assert!(
				T::MaxClosedPerBlock::get() > 0 && T::MaxSettledPerBlock::get() > 0,
				"MaxClosedPerBlock or MaxSettledPerBlock is 0: no block could be settled"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Propose the next rollup block.
		///
		/// ## Dispatch origin
		///
		/// Signed, by anyone. The reward is put on hold on the signer's account.
		///
		/// ## Details
		///
		/// `payload` is what provers execute; they read it from this extrinsic. `gas_limit` bounds
		/// its execution and is what the prover is paid for. The pool draws a prover; when it has
		/// nobody to draw, the block is open to everyone at `FeePerGas`.
		///
		/// ## Errors
		///
		/// - [`Error::InvalidGasLimit`]: the gas limit is 0 or above `MaxGasLimit`.
		/// - [`Error::TooManyUnsettledBlocks`]: too many blocks wait to be proven and settled.
		/// - A token error of the currency: the signer's free balance does not cover the reward
		///   and the existential deposit.
		///
		/// ## Events
		///
		/// - [`Event::BlockProposed`].
		#[pallet::call_index(0)]
		#[pallet::weight(
			T::WeightInfo::propose_block(payload.len() as u32)
				.saturating_add(T::ProverPool::assign_weight())
		)]
		pub fn propose_block(
			origin: OriginFor<T>,
			payload: BoundedVec<u8, T::MaxPayloadSize>,
			gas_limit: u32,
		) -> DispatchResult {
			let proposer = ensure_signed(origin)?;
			Self::do_propose(proposer, &payload, gas_limit)
		}

		/// Prove a rollup block.
		///
		/// ## Dispatch origin
		///
		/// Signed: inside the block's window by the prover that was drawn, otherwise by anyone.
		///
		/// ## Details
		///
		/// The first good proof counts, and its signer is paid when the block is settled. The
		/// prover that was drawn has its capacity back, whoever brings the proof. If the window
		/// closed and nobody has noticed yet, its prover is slashed first. That is so after a halt
		/// of the chain, too: the clock does not stop with it.
		///
		/// A proof that is taken costs no fee: it is what the chain wants, once for each block.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownBlock`]: there is no such block, or it is settled.
		/// - [`Error::AlreadyProven`]: the block has a proof.
		/// - [`Error::NotAssigned`]: the window is open, and the signer was not drawn.
		/// - [`Error::InvalidProof`]: the proof does not show that the signer executed the block.
		///
		/// ## Events
		///
		/// - [`Event::BlockProven`], after [`Event::WindowClosed`] if the window closed.
		#[pallet::call_index(1)]
		#[pallet::weight(
			T::WeightInfo::prove_block()
				.saturating_add(T::ProofVerifier::weight(proof.len() as u32))
				.saturating_add(T::ProverPool::release_weight())
				.saturating_add(T::ProverPool::slash_weight())
		)]
		pub fn prove_block(
			origin: OriginFor<T>,
			block_id: BlockId,
			proof: BoundedVec<u8, T::MaxProofSize>,
		) -> DispatchResultWithPostInfo {
			let prover = ensure_signed(origin)?;
			Self::do_prove(prover, block_id, &proof)?;
			Ok(Pays::No.into())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// A block that is not settled.
		pub fn block(block_id: BlockId) -> Option<RollupBlockOf<T>> {
			Blocks::<T>::get(block_id)
		}

		/// The blocks that `prover` alone may prove now, in order.
		pub fn pending_blocks(prover: T::AccountId) -> Vec<BlockId> {
			Self::assigned_to(&prover)
		}
	}
}
