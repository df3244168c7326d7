// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use block::{Assigned, BlockStatus, Phase, RollupBlock, StoredTransition};
pub use extension::ProofLane;
pub use pallet::*;
pub use prover_pool_primitives::Transition;
pub use rules::parameters::Parameters;
pub use types::{BlockKey, ClockReading, ClockState, OpenReason, Opening, Positions, RollupState};
pub use weights::WeightInfo;

pub mod rules;
pub mod runtime_api;
pub mod weights;

mod block;
mod clock;
mod draw;
mod extension;
mod genesis;
mod keys;
mod lane;
mod overrides;
mod poll;
mod propose;
mod prove;
mod proven;
mod settle;
mod sweep;
mod types;
mod views;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
// Native builds include it for the tests of other crates.
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
			fungible::{hold, Credit, Inspect},
			OnUnbalanced, UnixTime,
		},
		weights::WeightMeter,
	};
	use frame_system::pallet_prelude::*;
	use prover_pool_primitives::{BlockId, Hash, ProofVerifier, ProverPool, Seeds};
	use sp_core::H256;

	/// Balance of the currency.
	pub type BalanceOf<T> =
		<<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

	/// Credit of a slash.
	pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

	/// Unsettled block of this runtime.
	pub type RollupBlockOf<T> =
		RollupBlock<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;

	/// Layout of the storage. A change of it needs a migration and the next number.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<Hash = H256> {
		/// Weights of the calls, of the steps of `on_poll` and of the transaction extension.
		type WeightInfo: WeightInfo;

		/// Currency of deposits, rewards and bounties.
		type Currency: hold::Mutate<Self::AccountId, Reason: From<HoldReason>, Balance: From<u64>>
			+ hold::Balanced<Self::AccountId>;

		/// Pool that provers are drawn from.
		type ProverPool: ProverPool<
			Self::AccountId,
			Balance = BalanceOf<Self>,
			Credit = CreditOf<Self>,
		>;

		/// Seeds of the draws.
		type Seeds: Seeds<BlockNumberFor<Self>>;

		/// Time of the chain blocks, from which the pallet makes its own clock.
		type UnixTime: UnixTime;

		/// Verifier of the proofs.
		type ProofVerifier: ProofVerifier;

		/// Origin that proposes blocks. Its account has the deposits on hold.
		type ProposerOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Self::AccountId>;

		/// Origin that overrides state roots, opens undrawn blocks, pauses and resumes.
		type OverrideOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Account whose transactions have priority over all others. It should be the signer behind
		/// `OverrideOrigin`.
		type OverrideAccount: Get<Option<Self::AccountId>>;

		/// Handler of the slashes without the bounties. `()` burns them. Weights include a burn only.
		type OnSlash: OnUnbalanced<CreditOf<Self>>;

		/// Share of a slash that the account which proves a missed block gets, in basis points. The
		/// effective value is at most [`rules::parameters::MAX_RESCUER_SHARE`].
		#[pallet::constant]
		type RescuerShare: Get<u32>;

		/// Maximum bounty, in basis points of the reward that the proposer pays for the block. The
		/// reward comes on top. With a large bounty, causing misses could pay.
		#[pallet::constant]
		type BountyMultiplier: Get<u32>;

		/// Minimum fee for a unit of gas, in the smallest unit of the currency. The effective value
		/// is at least [`rules::parameters::MIN_FEE_PER_GAS`].
		#[pallet::constant]
		type MinFeePerGas: Get<u16>;

		/// Maximum penalty for the delay of a proof, in basis points of the reward. It is reached at
		/// the deadline.
		#[pallet::constant]
		type RewardMaxDelayPenalty: Get<u32>;

		/// Gas over which the averages of fee and delay run.
		#[pallet::constant]
		type AverageGas: Get<u64>;

		/// Minimum proof window, in seconds. The effective value is at least ten ticks of the clock
		/// and at most `MaxProofWindow`.
		#[pallet::constant]
		type MinProofWindow: Get<u64>;

		/// Maximum proof window, in seconds.
		#[pallet::constant]
		type MaxProofWindow: Get<u64>;

		/// Time in which a proven block can be overridden before it settles, in seconds. The
		/// effective value is at least ten ticks of the clock and at most
		/// [`rules::parameters::MAX_COOLDOWN`].
		#[pallet::constant]
		type Cooldown: Get<u64>;

		/// Maximum advance of the clock in one chain block, in milliseconds: the planned interval
		/// of the chain blocks.
		#[pallet::constant]
		type MaxTick: Get<u64>;

		/// Maximum number of unsettled blocks.
		#[pallet::constant]
		type MaxUnsettledBlocks: Get<u32>;

		/// Maximum size of a payload, in bytes.
		#[pallet::constant]
		type MaxPayloadSize: Get<u32>;

		/// Maximum size of a proof, in bytes.
		#[pallet::constant]
		type MaxProofSize: Get<u32>;

		/// Maximum gas limit of a block.
		#[pallet::constant]
		type MaxGasLimit: Get<u32>;

		/// Gas charged for every block: the cost of proving an empty one. It is read again at the
		/// settlement, so it must change only while the queue is empty, or with a migration.
		#[pallet::constant]
		type BaseGas: Get<u32>;

		/// Gas charged for each byte of a payload. It is read again at the settlement, so it must
		/// change only while the queue is empty, or with a migration.
		#[pallet::constant]
		type GasPerByte: Get<u32>;

		/// Maximum number of blocks drawn in one chain block. Twice as many proofs must fit
		/// into one.
		#[pallet::constant]
		type MaxDrawnPerBlock: Get<u32>;

		/// Maximum number of waiting transitions that become proven in one chain block. At least
		/// four times `MaxDrawnPerBlock`.
		#[pallet::constant]
		type MaxProvenPerBlock: Get<u32>;

		/// Maximum number of blocks that the sweep passes in one chain block. At least
		/// `MaxDrawnPerBlock`.
		#[pallet::constant]
		type MaxSweptPerBlock: Get<u32>;

		/// Maximum number of blocks settled in one chain block. At least `MaxDrawnPerBlock`.
		#[pallet::constant]
		type MaxSettledPerBlock: Get<u32>;
	}

	/// Reason of this pallet to hold balance.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Maximum cost of proving the proposer's unsettled blocks.
		#[codec(index = 0)]
		Deposit,
	}

	/// Start of the rollup. Genesis is refused without both start values of the averages, except for
	/// the default configuration: the rollup is paused then.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// State root before the first block.
		pub state_root: H256,
		/// Initial average price of a unit of gas.
		pub fee_per_gas: u16,
		/// Initial average delay of a proof, in nanoseconds for each unit of gas.
		pub delay_per_gas: u32,
		/// Marker of the runtime.
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			self.build_rollup();
		}
	}

	/// State of the rollup.
	#[pallet::storage]
	pub type State<T: Config> = StorageValue<_, RollupState, ValueQuery>;

	/// Unsettled blocks. Bounded by `MaxUnsettledBlocks`.
	///
	/// The keys are not hashed, because the chain itself counts the blocks.
	#[pallet::storage]
	pub type Blocks<T: Config> = StorageMap<_, Identity, BlockKey, RollupBlockOf<T>>;

	/// Number of key replacements at the last replacement of each version's key. Proofs of the
	/// version with fewer replacements before them are void. Bounded by the number of keys.
	#[pallet::storage]
	pub type ReplacedKeys<T: Config> = StorageMap<_, Twox64Concat, u32, u32>;

	/// Latest uses of the proof lane for open blocks: block and member, latest first (R11).
	#[pallet::storage]
	pub type LaneUses<T: Config> = StorageValue<
		_,
		BoundedVec<(BlockId, T::AccountId), ConstU32<{ lane::MAX_LANE_USES }>>,
		ValueQuery,
	>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A block was proposed.
		BlockProposed {
			/// The block.
			block_id: BlockId,
			/// Account that proposed it.
			proposer: T::AccountId,
			/// SHA-256 of the payload.
			payload_hash: Hash,
			/// Size of the payload, in bytes.
			payload_size: u32,
			/// Maximum gas of the execution.
			gas_limit: u32,
			/// Fee for a unit of gas.
			fee_per_gas: u32,
			/// Rules version that the block is proven by.
			rules_version: u32,
			/// Amount on hold.
			deposit: BalanceOf<T>,
		},
		/// A prover was drawn for a block.
		BlockAssigned {
			/// The block.
			block_id: BlockId,
			/// Assigned prover.
			prover: T::AccountId,
			/// Price of a unit of gas.
			reward_per_gas: u32,
			/// Last second of the assignment, in seconds of the clock.
			deadline: u64,
		},
		/// A block was opened to anyone.
		BlockOpened {
			/// The block.
			block_id: BlockId,
			/// Cause of the opening.
			reason: OpenReason,
			/// Price of a unit of gas.
			reward_per_gas: u32,
		},
		/// A transition was stored, and waits for the block before to be proven. It replaces the one
		/// that was stored before.
		TransitionStored {
			/// The block.
			block_id: BlockId,
			/// Assigned prover.
			prover: T::AccountId,
			/// Stored transition.
			transition: Transition,
		},
		/// A block became proven.
		BlockProven {
			/// The block.
			block_id: BlockId,
			/// State root after the block.
			state_root: Hash,
			/// Account to be paid. `None` if the state root is that of an override.
			prover: Option<T::AccountId>,
		},
		/// A transition was discarded, because it does not build on the proven state root or its key
		/// was replaced.
		TransitionDiscarded {
			/// The block.
			block_id: BlockId,
			/// Account that the proof named.
			prover: T::AccountId,
		},
		/// The deadline of a block passed without a transition that counts. The block is open.
		AssignmentMissed {
			/// The block.
			block_id: BlockId,
			/// Prover that is slashed when the block settles.
			prover: T::AccountId,
		},
		/// A block was settled.
		BlockSettled {
			/// The block.
			block_id: BlockId,
			/// State root after the block.
			state_root: Hash,
			/// Account that proved it. `None` if the state root is that of an override.
			prover: Option<T::AccountId>,
			/// Amount that the proposer paid to the prover.
			reward: BalanceOf<T>,
			/// Amount released to the proposer.
			refund: BalanceOf<T>,
			/// Amount slashed for the miss of the block.
			slashed: BalanceOf<T>,
			/// Amount of the slash that the prover got.
			bounty: BalanceOf<T>,
		},
		/// A state root was overridden. All later drawn blocks are unproven and open.
		BlockOverridden {
			/// The block, which is proven now.
			block_id: BlockId,
			/// State root after the block.
			state_root: Hash,
		},
		/// The rollup was paused.
		Paused,
		/// The rollup was resumed.
		Resumed,
		/// The draws were resumed after an override.
		DrawsResumed,
	}

	#[pallet::error]
	pub enum Error<T> {
		/// `MaxUnsettledBlocks` blocks are unsettled. Propose again later.
		TooManyUnsettledBlocks,
		/// The gas limit is 0 or above `MaxGasLimit`.
		InvalidGasLimit,
		/// A unit of gas can cost more than `max_fee_per_gas`.
		FeeTooHigh,
		/// No verifying key is active. Propose again when one is.
		NoActiveRules,
		/// The rollup is paused.
		Paused,
		/// The rollup is not paused.
		NotPaused,
		/// The rollup has no start values. Set them in genesis, or by a migration.
		NotStarted,
		/// The block is not proposed yet, or it is settled.
		UnknownBlock,
		/// The block is not drawn yet.
		NotDrawn,
		/// The block is drawn.
		AlreadyDrawn,
		/// The block is reserved for another prover until its deadline.
		NotAssigned,
		/// The transition would have to wait. Only the assigned prover or its operator may store it,
		/// and only the prover may replace it.
		NotSignedByProver,
		/// The deadline passed. The block is open after the next sweep.
		DeadlinePassed,
		/// The block is open, and an earlier block is not proven.
		NotNext,
		/// The transition does not build on the proven state root.
		WrongParentState,
		/// The block has a transition that counts.
		AlreadyProven,
		/// The transition uses more gas than the limit.
		TooMuchGas,
		/// The block is beyond the first unproven one.
		NotOverridable,
		/// The draws are not stopped.
		DrawsNotStopped,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Settles, moves *proven*, sweeps and draws.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::poll(meter);
		}

		/// Advances the clock.
		fn on_finalize(_: BlockNumberFor<T>) {
			Self::tick();
		}

		fn integrity_test() {
			Self::check_config();
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Propose the next block of the rollup.
		///
		/// ## Dispatch origin
		///
		/// `ProposerOrigin`.
		///
		/// ## Details
		///
		/// The payload stays in the chain block. Its hash, the fee and the rules version are stored.
		/// The maximum price of the gas that can be charged at `gas_limit` is held: the base, the
		/// payload's bytes and the limit. A later chain block draws the prover.
		///
		/// ## Errors
		///
		/// - [`Error::Paused`]: the rollup is paused.
		/// - [`Error::InvalidGasLimit`]: the limit is 0 or above `MaxGasLimit`.
		/// - [`Error::TooManyUnsettledBlocks`]: the queue is full.
		/// - [`Error::NoActiveRules`]: no verifying key is active.
		/// - [`Error::FeeTooHigh`]: a unit of gas can cost more than `max_fee_per_gas`.
		/// - A token error of the currency: the deposit cannot be held.
		///
		/// ## Events
		///
		/// - [`Event::BlockProposed`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::propose_block(payload.len() as u32))]
		pub fn propose_block(
			origin: OriginFor<T>,
			payload: BoundedVec<u8, T::MaxPayloadSize>,
			gas_limit: u32,
			max_fee_per_gas: u32,
		) -> DispatchResult {
			let proposer = T::ProposerOrigin::ensure_origin(origin)?;
			Self::do_propose(proposer, &payload, gas_limit, max_fee_per_gas)
		}

		/// Bring a proven transition of a block.
		///
		/// ## Dispatch origin
		///
		/// Signed, by anyone. The proof names `prover`, which is paid.
		///
		/// ## Details
		///
		/// - Until the deadline only the assigned prover's proof counts. On the block after *proven*
		///   it must build on the proven state root. On a later block the transition is stored and
		///   waits; the assigned prover or its operator must sign. Only the prover can replace it.
		/// - An open block takes a proof only as the next one, on the proven state root.
		///
		/// The fee of an accepted proof is refunded, except for a replacement.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownBlock`]: the block is not proposed yet, or it is settled.
		/// - [`Error::TooMuchGas`]: the transition uses more gas than the limit.
		/// - [`Error::NotDrawn`]: the block is not drawn yet.
		/// - [`Error::NotAssigned`]: the block is reserved for another prover.
		/// - [`Error::NotSignedByProver`]: the transition would have to wait.
		/// - [`Error::DeadlinePassed`]: the sweep is still to come.
		/// - [`Error::NotNext`]: the block is open, and an earlier one is not proven.
		/// - [`Error::WrongParentState`]: the transition does not build on the proven state root.
		/// - [`Error::AlreadyProven`]: the block has a transition that counts.
		/// - Those of the verifier.
		///
		/// ## Events
		///
		/// - [`Event::BlockProven`] or [`Event::TransitionStored`].
		/// - Before it, overdue ones of the block: [`Event::BlockOpened`], [`Event::AssignmentMissed`]
		///   and [`Event::TransitionDiscarded`].
		#[pallet::call_index(1)]
		#[pallet::weight(Pallet::<T>::prove_weight())]
		pub fn prove_block(
			origin: OriginFor<T>,
			block_id: BlockId,
			prover: T::AccountId,
			transition: Transition,
			proof: BoundedVec<u8, T::MaxProofSize>,
		) -> DispatchResultWithPostInfo {
			let signer = ensure_signed(origin)?;
			Self::do_prove(&signer, block_id, prover, transition, &proof)
		}

		/// Replace the state root after a block.
		///
		/// ## Dispatch origin
		///
		/// `OverrideOrigin`.
		///
		/// ## Details
		///
		/// The block must be drawn and at most the first unproven one. It becomes the last proven
		/// one and its cooldown starts again. No account is paid or slashed for it. All later drawn
		/// blocks are open at once. Transitions that still fit become proven again, with their times.
		/// An override by the proven state root restores the proof. Draws stop until
		/// [`Pallet::resume_draws`].
		///
		/// ## Errors
		///
		/// - [`Error::UnknownBlock`]: the block is not proposed yet, or it is settled.
		/// - [`Error::NotDrawn`]: the block is not drawn yet.
		/// - [`Error::NotOverridable`]: an earlier block is unproven.
		///
		/// ## Events
		///
		/// - [`Event::BlockOverridden`]. `on_poll` emits [`Event::BlockOpened`] for later blocks.
		/// - Before it, overdue ones of the block, as of a proof.
		#[pallet::call_index(2)]
		#[pallet::weight((
			T::WeightInfo::override_block().saturating_add(T::ProverPool::release_weight()),
			DispatchClass::Operational,
		))]
		pub fn override_block(
			origin: OriginFor<T>,
			block_id: BlockId,
			state_root: Hash,
		) -> DispatchResult {
			T::OverrideOrigin::ensure_origin(origin)?;
			Self::do_override(block_id, state_root)
		}

		/// Resume the draws after an override.
		///
		/// ## Dispatch origin
		///
		/// `OverrideOrigin`.
		///
		/// ## Details
		///
		/// Provers must know the state after the override, because they are slashed for a miss again.
		///
		/// ## Errors
		///
		/// - [`Error::DrawsNotStopped`]: the draws are not stopped.
		///
		/// ## Events
		///
		/// - [`Event::DrawsResumed`].
		#[pallet::call_index(3)]
		#[pallet::weight((T::WeightInfo::resume_draws(), DispatchClass::Operational))]
		pub fn resume_draws(origin: OriginFor<T>) -> DispatchResult {
			T::OverrideOrigin::ensure_origin(origin)?;
			Self::do_resume_draws()
		}

		/// Pause the rollup.
		///
		/// ## Dispatch origin
		///
		/// `OverrideOrigin`.
		///
		/// ## Details
		///
		/// No proposals, no draws and no settlement, and the clock stands still. Proofs are accepted.
		///
		/// ## Errors
		///
		/// - [`Error::Paused`]: the rollup is paused.
		///
		/// ## Events
		///
		/// - [`Event::Paused`].
		#[pallet::call_index(4)]
		#[pallet::weight((T::WeightInfo::pause(), DispatchClass::Operational))]
		pub fn pause(origin: OriginFor<T>) -> DispatchResult {
			T::OverrideOrigin::ensure_origin(origin)?;
			Self::do_pause()
		}

		/// Resume the rollup.
		///
		/// ## Dispatch origin
		///
		/// `OverrideOrigin`.
		///
		/// ## Errors
		///
		/// - [`Error::NotPaused`]: the rollup is not paused.
		/// - [`Error::NotStarted`]: the rollup has no start values.
		///
		/// ## Events
		///
		/// - [`Event::Resumed`].
		#[pallet::call_index(5)]
		#[pallet::weight((T::WeightInfo::resume(), DispatchClass::Operational))]
		pub fn resume(origin: OriginFor<T>) -> DispatchResult {
			T::OverrideOrigin::ensure_origin(origin)?;
			Self::do_resume()
		}

		/// Open undrawn blocks, for a time without seeds.
		///
		/// ## Dispatch origin
		///
		/// `OverrideOrigin`.
		///
		/// ## Details
		///
		/// Opens the undrawn blocks up to `up_to`, at most `MaxDrawnPerBlock` of them.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownBlock`]: the block is not proposed yet.
		/// - [`Error::AlreadyDrawn`]: the block is drawn.
		///
		/// ## Events
		///
		/// - [`Event::BlockOpened`] for each block.
		#[pallet::call_index(6)]
		#[pallet::weight((
			T::WeightInfo::open_undrawn(T::MaxDrawnPerBlock::get()),
			DispatchClass::Operational,
		))]
		pub fn open_undrawn(origin: OriginFor<T>, up_to: BlockId) -> DispatchResultWithPostInfo {
			T::OverrideOrigin::ensure_origin(origin)?;
			let opened = Self::do_open_undrawn(up_to)?;
			Ok(Some(T::WeightInfo::open_undrawn(opened)).into())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Returns an unsettled block, or that the block is settled; `None` before its proposal.
		///
		/// An opening by position shows in the entry only after the sweep. So does the miss of the next
		/// block whose late transition does not fit. [`Pallet::open_blocks`] shows both.
		pub fn block(block_id: BlockId) -> Option<BlockStatus<RollupBlockOf<T>>> {
			Self::block_status(block_id)
		}

		/// Returns the blocks that are reserved for `prover` now and without a transition, in order.
		pub fn pending_blocks(prover: T::AccountId) -> Vec<BlockId> {
			let now = State::<T>::get().clock.now();
			Self::unproven_blocks(|block| {
				block.reservation(now).is_some_and(|assigned| assigned.prover == prover)
			})
		}

		/// Returns the open blocks without a transition that counts, in order. The first takes a
		/// proof when it is the block after *proven*.
		pub fn open_blocks() -> Vec<BlockId> {
			Self::unproven_blocks(|block| block.is_open())
		}

		/// Returns the fee for a unit of gas, in the smallest unit of the currency.
		pub fn fee_per_gas() -> u32 {
			Self::fee(&State::<T>::get())
		}

		/// Returns the proof window of a block drawn now, in seconds.
		pub fn proof_window(gas_limit: u32, payload_size: u32) -> u64 {
			Self::window(&State::<T>::get(), payload_size, gas_limit)
		}

		/// Returns the deposit for a proposal now, or `None` if the gas limit is not allowed.
		pub fn proposal_cost(gas_limit: u32, payload_size: u32) -> Option<BalanceOf<T>> {
			Self::ensure_gas_limit(gas_limit).ok()?;
			let price = T::ProverPool::max_reward_per_gas(Self::fee_per_gas());
			Self::price_of(payload_size, gas_limit, price).ok()
		}

		/// Returns the clock and the time that it has lost.
		pub fn clock() -> ClockReading {
			let clock = State::<T>::get().clock;
			ClockReading { now: clock.now(), lost: clock.lost / 1_000 }
		}

		/// Returns the effective values of the governed parameters. The constants in the metadata
		/// are the raw ones.
		pub fn parameters() -> Parameters {
			State::<T>::get().parameters
		}

		/// Returns the positions of the queue and the state roots at two of them.
		pub fn positions() -> Positions {
			let state = State::<T>::get();
			Positions {
				settled: state.settled,
				proven: state.proven,
				drawn: state.drawn,
				proposed: state.proposed,
				settled_root: state.settled_root,
				proven_root: state.proven_root,
			}
		}
	}
}
