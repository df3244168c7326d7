// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;
pub use prover_pool_primitives::Transition;
pub use types::{BlockState, BlockStatus, Progress, ProvenTransition, RollupBlock};
pub use weights::WeightInfo;

pub mod economy;
pub mod runtime_api;
pub mod weights;

mod propose;
mod prove;
mod reads;
mod settle;
mod types;
mod windows;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;

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
	use crate::economy::MovingAverage;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{hold, Balanced, Credit, Inspect},
			Defensive, OnUnbalanced, UnixTime,
		},
		weights::WeightMeter,
	};
	use frame_system::pallet_prelude::*;
	use prover_pool_primitives::{BlockId, ProofVerifier, ProverPool};
	use sp_core::H256;

	/// The currency's balance.
	pub type BalanceOf<T> =
		<<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

	/// What a slash took.
	pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

	/// A rollup block of this runtime.
	pub type RollupBlockOf<T> = RollupBlock<
		<T as frame_system::Config>::AccountId,
		BalanceOf<T>,
		BlockNumberFor<T>,
		<T as Config>::MaxTransitions,
	>;

	/// Who may prove a rollup block of this runtime.
	pub type BlockStateOf<T> = BlockState<<T as frame_system::Config>::AccountId, BalanceOf<T>>;

	/// The layout of the storage. A change of it comes with a migration and the next number.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<Hash = H256> {
		/// The weights of the calls and of the hooks' steps.
		type WeightInfo: WeightInfo;

		/// What rewards are paid in.
		type Currency: hold::Mutate<Self::AccountId, Reason: From<HoldReason>>
			+ hold::Balanced<Self::AccountId>
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
		type ProofVerifier: ProofVerifier;

		/// Who may propose blocks, and on whose account the deposit is put on hold: everyone that
		/// signs, a set of sequencers, a single account.
		type ProposerOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Self::AccountId>;

		/// Who may override what was proven.
		type OverrideOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Where slashes go, but for the rescuer's share. `()` burns them. The weights of this
		/// pallet count a burn: whatever does more adds it to them.
		type OnSlash: OnUnbalanced<CreditOf<Self>>;

		/// The part of a slash that whoever rescues the missed block gets, in basis points. A
		/// prover that rescues its own block with another key gets it back, so that more than
		/// [`economy::MAX_RESCUER_SHARE`] counts as that.
		#[pallet::constant]
		type RescuerShare: Get<u32>;

		/// The smallest fee for a unit of gas, in the smallest unit of the currency. The fee itself
		/// is the moving average of what provers were paid.
		#[pallet::constant]
		type MinFeePerGas: Get<u16>;

		/// What a unit of gas of an open block pays, in basis points of the fee: 15,000 are 150 %.
		#[pallet::constant]
		type OpenRewardMultiplier: Get<u16>;

		/// What of the reward a prover loses whose proof comes at the end of the window or after
		/// it, in basis points. It grows evenly from the proposal on.
		#[pallet::constant]
		type RewardMaxDelayPenalty: Get<u32>;

		/// Over how many settled blocks the moving averages of fee and delay run.
		#[pallet::constant]
		type AverageLength: Get<u32>;

		/// The proof window, in basis points of the average proof delay: 20,000 are 200 %.
		#[pallet::constant]
		type ProofWindowMultiplier: Get<u32>;

		/// The shortest proof window, in seconds.
		#[pallet::constant]
		type MinProofWindow: Get<u64>;

		/// The longest proof window, in seconds. Keep it well below the pool's exit period, or a
		/// prover can be gone with its stake before it has missed.
		#[pallet::constant]
		type MaxProofWindow: Get<u64>;

		/// How long a transition can be overridden before it settles, in seconds.
		#[pallet::constant]
		type Cooldown: Get<u64>;

		/// How many blocks may be proposed and not settled at the same time.
		#[pallet::constant]
		type MaxUnsettledBlocks: Get<u32>;

		/// How many of them may be open because nobody could be drawn.
		#[pallet::constant]
		type MaxOpenBlocks: Get<u32>;

		/// How many transitions of a block are kept, on different parent states and of different
		/// provers. When the block before is settled, those on other states make room.
		#[pallet::constant]
		type MaxTransitions: Get<u32>;

		/// The largest payload, in bytes.
		#[pallet::constant]
		type MaxPayloadSize: Get<u32>;

		/// The largest proof, in bytes.
		#[pallet::constant]
		type MaxProofSize: Get<u32>;

		/// The most gas that a block may use.
		#[pallet::constant]
		type MaxGasLimit: Get<u32>;

		/// The gas that is paid for every block on top of what it uses: what proving an empty one
		/// costs.
		#[pallet::constant]
		type BaseGas: Get<u32>;

		/// How many rollup blocks' windows are looked at in one chain block.
		#[pallet::constant]
		type MaxClosedPerBlock: Get<u32>;

		/// How many rollup blocks are settled in one go.
		#[pallet::constant]
		type MaxSettledPerBlock: Get<u32>;

		/// Moves the clock in benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkClock: prover_pool_primitives::BenchmarkClock;
	}

	/// Why this pallet holds balance.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The most that proving a proposer's unsettled blocks can cost.
		#[codec(index = 0)]
		Deposit,
		/// The rescuers' shares of what was slashed for unsettled blocks that a prover missed.
		#[codec(index = 1)]
		Bounty,
	}

	/// Where the rollup begins.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The rollup's state before the first block.
		pub state: H256,
		/// The fee for a unit of gas that the average starts from.
		pub fee_per_gas: u16,
		/// The proof delay that the average starts from, in seconds.
		pub proof_delay: u32,
		/// Nothing.
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			RollupProgress::<T>::put(Progress {
				state: self.state,
				fee_per_gas: MovingAverage::new(self.fee_per_gas.into()),
				proof_delay: MovingAverage::new(self.proof_delay),
				..Default::default()
			});
		}
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
			/// SHA-256 of the payload.
			payload_hash: H256,
			/// Size of the payload, in bytes.
			payload_size: u32,
			/// The most gas that it may use.
			gas_limit: u32,
			/// The prover that was drawn; `None` when the block is open to everyone.
			assigned: Option<T::AccountId>,
			/// What its prover is paid for each unit of gas.
			reward_per_gas: u32,
			/// The last second of the proof window, in Unix seconds.
			closes_at: u64,
		},
		/// A prover missed its window; the block is open to everyone.
		WindowClosed {
			/// The block.
			block_id: BlockId,
			/// Who missed it, and was slashed.
			missed_by: T::AccountId,
			/// The part of the slash that waits for whoever rescues the block.
			bounty: BalanceOf<T>,
		},
		/// A transition of a block was proven.
		BlockProven {
			/// The block.
			block_id: BlockId,
			/// The state before it.
			parent_state: H256,
			/// The state after it.
			new_state: H256,
			/// Who proved it.
			prover: T::AccountId,
		},
		/// What was proven was replaced.
		TransitionOverridden {
			/// The block.
			block_id: BlockId,
			/// The state before it.
			parent_state: H256,
			/// The state after it, from now on.
			new_state: H256,
		},
		/// A block was settled.
		BlockSettled {
			/// The block.
			block_id: BlockId,
			/// The rollup's state from now on.
			new_state: H256,
			/// Who proved it; `None` when that was overridden.
			prover: Option<T::AccountId>,
			/// What the proposer paid the prover.
			reward: BalanceOf<T>,
			/// What the prover got of the slash, because it rescued the block.
			bounty: BalanceOf<T>,
			/// What the proposer has back.
			refund: BalanceOf<T>,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// `MaxUnsettledBlocks` blocks wait to be proven and settled. Try again later.
		TooManyUnsettledBlocks,
		/// No prover can be drawn, and `MaxOpenBlocks` blocks are open already. Try again later.
		TooManyOpenBlocks,
		/// The gas limit is 0 or above `MaxGasLimit`.
		InvalidGasLimit,
		/// There is no such block, or it is settled.
		UnknownBlock,
		/// The block's window is open, and the signer is not the prover that was drawn.
		NotAssigned,
		/// The block before is settled, and in another state.
		WrongParentState,
		/// The block has a proven transition on this parent state.
		AlreadyProven,
		/// The block has `MaxTransitions` transitions on other parent states. Try again when the
		/// block before is settled.
		TooManyTransitions,
		/// The transition uses more gas than the block may.
		TooMuchGas,
		/// The block has no proven transition on this parent state.
		UnknownTransition,
		/// No block can be settled: the oldest is not proven on the settled state, or its cooldown
		/// is not over.
		NothingToSettle,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Closes windows.
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Self::close_windows()
		}

		/// Settles blocks.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			if meter.try_consume(T::WeightInfo::settle_blocks(0)).is_ok() {
				// What cannot be settled waits for the next block, and so does all after it.
				let _ = Self::settle(T::MaxSettledPerBlock::get(), &mut meter).defensive();
			}
			meter.consumed()
		}

		fn integrity_test() {
			for (is_zero, name) in [
				(T::MaxUnsettledBlocks::get() == 0, "MaxUnsettledBlocks"),
				(T::MaxGasLimit::get() == 0, "MaxGasLimit"),
				(T::MaxClosedPerBlock::get() == 0, "MaxClosedPerBlock"),
				(T::MaxSettledPerBlock::get() == 0, "MaxSettledPerBlock"),
				(T::AverageLength::get() == 0, "AverageLength"),
				(T::MaxTransitions::get() == 0, "MaxTransitions"),
			] {
				assert!(!is_zero, "{name} is 0: no block could be proposed and settled");
			}
			assert!(
				T::MaxGasLimit::get().checked_add(T::BaseGas::get()).is_some(),
				"MaxGasLimit and BaseGas together overflow"
			);
			assert!(
				T::RescuerShare::get() <= economy::MAX_RESCUER_SHARE,
				"RescuerShare is above MAX_RESCUER_SHARE: missing a block would cost next to nothing"
			);
			assert!(
				T::RewardMaxDelayPenalty::get() <= economy::BASIS_POINTS,
				"RewardMaxDelayPenalty is more than the reward"
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
		/// `ProposerOrigin`. The most that proving the block can cost is put on hold on the
		/// proposer's account; what it did not cost comes back when the block is settled.
		///
		/// ## Details
		///
		/// `payload` is what provers execute; they read it from this extrinsic. `gas_limit` bounds
		/// its execution. The pool draws a prover; when it has nobody to draw, the block is open to
		/// everyone at `OpenRewardMultiplier` of the fee. `proposal_cost` tells the most that this
		/// can put on hold now.
		///
		/// ## Errors
		///
		/// - [`Error::InvalidGasLimit`]: the gas limit is 0 or above `MaxGasLimit`.
		/// - [`Error::TooManyUnsettledBlocks`]: too many blocks wait to be proven and settled.
		/// - [`Error::TooManyOpenBlocks`]: no prover can be drawn, and too many blocks are open.
		/// - A token error of the currency: the proposer's free balance does not cover the deposit
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
			let proposer = T::ProposerOrigin::ensure_origin(origin)?;
			Self::do_propose(proposer, &payload, gas_limit)
		}

		/// Prove a transition of a rollup block.
		///
		/// ## Dispatch origin
		///
		/// Signed: inside the block's window by the prover that was drawn, otherwise by anyone.
		///
		/// ## Details
		///
		/// The first good proof on a parent state counts. If the block before settles in that
		/// state, its signer is paid when this block is settled, and gets nothing otherwise. The
		/// prover that was drawn has its capacity back, whoever brings the first proof. If the
		/// window closed and nobody has noticed yet, its prover is slashed first. That is so after
		/// a halt of the chain, too: the clock does not stop with it.
		///
		/// Another transition that the signer proved of this block makes room for this one, except
		/// that what the drawn prover brought in the window is kept beside what it brings after it.
		///
		/// A proof that is taken costs no fee if it comes from the drawn prover inside its window, or
		/// builds on the settled state or on what was proven of the block before, and takes no other's
		/// place. That is so where it is sent by itself: in a batch, or by a proxy, its sender pays.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownBlock`]: there is no such block, or it is settled.
		/// - [`Error::NotAssigned`]: the window is open, and the signer was not drawn.
		/// - [`Error::WrongParentState`]: the block before is settled, and in another state.
		/// - [`Error::AlreadyProven`]: the block has a transition on this parent state.
		/// - [`Error::TooManyTransitions`]: it has too many on others.
		/// - [`Error::TooMuchGas`]: the transition uses more gas than the block may.
		/// - An error of the verifier: the proof does not show that executing the block on the
		///   parent state leads to the new state and uses so much gas, or is not the signer's.
		///
		/// ## Events
		///
		/// - [`Event::BlockProven`], after [`Event::WindowClosed`] if the window closed.
		#[pallet::call_index(1)]
		#[pallet::weight(Pallet::<T>::prove_weight())]
		pub fn prove_block(
			origin: OriginFor<T>,
			block_id: BlockId,
			transition: Transition,
			proof: BoundedVec<u8, T::MaxProofSize>,
		) -> DispatchResultWithPostInfo {
			let prover = ensure_signed(origin)?;
			Self::do_prove(prover, block_id, transition, &proof)
		}

		/// Settle up to `max_blocks` blocks now, and not more than `MaxSettledPerBlock`.
		///
		/// ## Dispatch origin
		///
		/// Signed, by anyone: for when transactions leave the chain itself no weight to do it.
		///
		/// ## Errors
		///
		/// - [`Error::NothingToSettle`]: the oldest block is not proven on the settled state, or
		///   its cooldown is not over.
		///
		/// ## Events
		///
		/// - [`Event::BlockSettled`], once for each block; before it [`Event::WindowClosed`] if the
		///   window closed and nobody has noticed yet.
		#[pallet::call_index(2)]
		#[pallet::weight(Pallet::<T>::settle_blocks_weight(*max_blocks))]
		pub fn settle_blocks(origin: OriginFor<T>, max_blocks: u32) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let mut meter = WeightMeter::with_limit(Self::settle_blocks_weight(max_blocks));
			meter.consume(T::WeightInfo::settle_blocks(0));
			let max = max_blocks.min(T::MaxSettledPerBlock::get());
			ensure!(Self::settle(max, &mut meter)? > 0, Error::<T>::NothingToSettle);
			Ok(Some(meter.consumed()).into())
		}

		/// Replace the new state of a transition that was proven by another.
		///
		/// ## Dispatch origin
		///
		/// `OverrideOrigin`.
		///
		/// ## Details
		///
		/// For a proof that should not have been possible. The block settles when its cooldown is
		/// over, as it would have. Nobody is paid for it then: the proposer has its whole deposit
		/// back, and a bounty goes where slashes go. A prover that missed the block stays slashed,
		/// and one that has missed it unnoticed is slashed now. Later blocks that build on what is
		/// replaced have to be proven anew; their provers missed nothing if they were in time.
		/// Replacing it by what was proven undoes the override.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownBlock`]: there is no such block, or it is settled.
		/// - [`Error::UnknownTransition`]: it has no proven transition on this parent state.
		///
		/// ## Events
		///
		/// - [`Event::TransitionOverridden`].
		#[pallet::call_index(3)]
		#[pallet::weight(
			T::WeightInfo::override_transition().saturating_add(Pallet::<T>::slash_weight())
		)]
		pub fn override_transition(
			origin: OriginFor<T>,
			block_id: BlockId,
			parent_state: H256,
			new_state: H256,
		) -> DispatchResult {
			T::OverrideOrigin::ensure_origin(origin)?;
			Self::do_override(block_id, parent_state, new_state)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// A block, while it is not settled, or that it is; `None` if it was never proposed.
		pub fn block(block_id: BlockId) -> Option<BlockStatus<RollupBlockOf<T>>> {
			Self::status_of(block_id)
		}

		/// The blocks that `prover` alone may prove now and has not, in order.
		pub fn pending_blocks(prover: T::AccountId) -> Vec<BlockId> {
			Self::assigned_to(&prover)
		}

		/// The blocks that anyone may prove now and nobody has, in order.
		pub fn open_blocks() -> Vec<BlockId> {
			Self::open_to_all()
		}

		/// The fee for a unit of gas, in the smallest unit of the currency.
		pub fn fee_per_gas() -> u32 {
			Self::fee(&RollupProgress::<T>::get())
		}

		/// How long a block proposed now is its drawn prover's alone, in seconds.
		pub fn proof_window() -> u64 {
			Self::window(&RollupProgress::<T>::get())
		}

		/// The most that proposing a block with this gas limit can put on hold now; `None` if the
		/// gas limit is not allowed.
		pub fn proposal_cost(gas_limit: u32) -> Option<BalanceOf<T>> {
			Self::max_deposit(gas_limit).ok()
		}
	}
}
