// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
//!
//! ## Example
//!
//! An operator stakes, leaves and is paid out:
#![doc = docify::embed!("src/tests/staking.rs", an_operator_stakes_leaves_and_is_paid)]
//!
//! See the [`pallet`] module for calls, storage items, events, errors and `Config` items,
//! [`ProverPool`](prover_pool_primitives::ProverPool) for the trait, and [`runtime_api`] for the
//! runtime API.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;
pub use rules::parameters::{self, Parameters};
pub use types::{Pool, Prover, ProverId, Staker};
pub use weights::WeightInfo;

pub mod runtime_api;
pub mod weights;

mod calls;
mod genesis;
mod governed;
mod impls;
mod rules;
mod types;

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
			Randomness,
		},
	};
	use frame_system::pallet_prelude::*;
	use prover_pool_primitives::{BlockId, Clock};
	use rules::{
		draw,
		membership::{self, Offer},
		BASIS_POINTS,
	};
	use sp_runtime::traits::{CheckedMul, Zero};

	/// The currency's balance.
	pub type BalanceOf<T> =
		<<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

	/// The credit that a slash returns to its caller.
	pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

	/// The pool, bounded by `MaxProvers`.
	pub type PoolOf<T> = Pool<<T as Config>::MaxProvers>;

	/// Version of the storage layout. A changed layout needs a migration and the next number.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Weights of the calls and of the trait functions.
		type WeightInfo: WeightInfo;

		/// Currency of the stake, which is on hold under [`HoldReason::Stake`].
		type Currency: hold::Mutate<Self::AccountId, Reason: From<HoldReason>>
			+ hold::Balanced<Self::AccountId>;

		/// Clock of exits and stakes. It stands still when the chain does.
		type Time: Clock;

		/// Source of the draws' randomness (rule 20).
		///
		/// A stake can be drawn in the chain block after its own, so the value must not be known
		/// before the block that uses it. `pallet-insecure-randomness-collective-flip` does not
		/// qualify.
		type Randomness: Randomness<Self::Hash, BlockNumberFor<Self>>;

		/// Maximum number of provers in the pool.
		///
		/// An assignment reads all slots, and each takes up to 10 bytes of its proof. A runtime
		/// upgrade can increase the value. It must not decrease the value without a migration,
		/// because a longer pool in storage cannot be read.
		#[pallet::constant]
		type MaxProvers: Get<u32>;

		/// Value of one whole token, in the smallest unit of the currency.
		#[pallet::constant]
		type OneToken: Get<BalanceOf<Self>>;

		/// Exit period, in seconds. An exit is mature when more than this time has passed.
		///
		/// It must be well above the time after which a missed block is slashed, because a mature
		/// exit is not slashable. The effective value is within [`parameters::EXIT_PERIOD`].
		#[pallet::constant]
		type ExitPeriod: Get<u64>;

		/// Minimum time between a member's stake and its next change or exit, in seconds. The
		/// effective value is within [`parameters::MIN_CHANGE_DELAY`].
		#[pallet::constant]
		type MinChangeDelay: Get<u64>;

		/// Minimum capacity that a prover declares, in rollup blocks. The effective value is within
		/// [`parameters::MIN_CAPACITY`].
		#[pallet::constant]
		type MinCapacity: Get<u16>;

		/// Minimum stake for each unit of declared capacity, in whole tokens. The effective value is
		/// within [`parameters::MIN_STAKE_PER_CAPACITY`].
		#[pallet::constant]
		type MinStakePerCapacity: Get<u32>;

		/// Slashed share of the slashable amount for a missed block, in basis points. The effective
		/// value is within [`parameters::SLASH_POINTS`].
		#[pallet::constant]
		type SlashPoints: Get<u32>;

		/// Minimum slash for a missed block, as a multiple of the block's reward. The effective value
		/// is within [`parameters::SLASH_MULTIPLIER`].
		#[pallet::constant]
		type SlashMultiplier: Get<u32>;

		/// Maximum deviation of an effective price from the fee, in basis points of the fee.
		#[pallet::constant]
		type RewardTolerance: Get<u32>;

		/// Share of the minimum stake for its capacity below which a slashed member is ejected, in
		/// basis points. The effective value is within [`parameters::EJECTION_THRESHOLD`].
		#[pallet::constant]
		type EjectionThreshold: Get<u32>;

		/// Sets the clock in benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkClock: prover_pool_primitives::BenchmarkClock;
	}

	/// Reasons for which this pallet holds balance.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Stake of a prover, in the pool or in exit.
		#[codec(index = 0)]
		Stake,
	}

	/// The pool: the slots in the order of their ids. An empty slot is all
	/// zero.
	#[pallet::storage]
	pub type Provers<T: Config> = StorageValue<_, PoolOf<T>, ValueQuery>;

	/// Account of each member, by the id of its slot. Bounded by the number of slots.
	#[pallet::storage]
	pub type ProverAccounts<T: Config> = StorageMap<_, Twox64Concat, ProverId, T::AccountId>;

	/// State of each account with a slot, an exit or an outstanding block.
	///
	/// An account gets an entry only by a stake. The entry is removed with the last of the three.
	#[pallet::storage]
	pub type Stakers<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Staker>;

	/// Operator key that a prover named, by the prover's account (rule 33).
	#[pallet::storage]
	pub type Operators<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, T::AccountId>;

	/// Provers that are in the pool from block 0.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Account, stake in whole tokens, price for a unit of gas, and capacity of each prover, in
		/// the order of their ids. The genesis build panics on a list that breaks a rule of
		/// `stake`.
		pub provers: Vec<(T::AccountId, u32, u16, u16)>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			self.build_pool();
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A prover took a slot.
		Staked {
			/// The prover.
			who: T::AccountId,
			/// Stake in the pool, in whole tokens.
			amount: u32,
			/// Price for a unit of gas.
			reward_per_gas: u16,
			/// Capacity that the prover starts with: the declared one less its outstanding blocks.
			current_capacity: u16,
		},
		/// A prover left the pool: by a call, by replacement, or by ejection after a slash.
		Exited {
			/// The prover.
			who: T::AccountId,
			/// Stake that moved into exit, in whole tokens.
			amount: u32,
		},
		/// A mature exit was paid out.
		Withdrawn {
			/// The staker.
			who: T::AccountId,
			/// Amount released from the hold, in whole tokens.
			amount: u32,
		},
		/// A prover was slashed for a missed block.
		Slashed {
			/// The prover.
			who: T::AccountId,
			/// Amount actually slashed, in whole tokens.
			amount: u32,
			/// The missed rollup block.
			block_id: BlockId,
		},
		/// A prover named an operator, or removed it.
		OperatorSet {
			/// The prover.
			who: T::AccountId,
			/// Its operator from now on.
			operator: Option<T::AccountId>,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The offer breaks a bound. The price must be above 0, the capacity at least
		/// `MinCapacity`, and the stake at least `MinStakePerCapacity` for each unit of capacity.
		/// Three zeros leave the pool.
		InvalidParams,
		/// Nothing is in exit, or `ExitPeriod` has not passed since `exit_requested_at` in
		/// `Stakers`.
		NoMatureExit,
		/// The pool is full and the stake is not above the smallest in it. `entry_price` returns
		/// the smallest stake that enters.
		ProverNotGoodEnough,
		/// `MinChangeDelay` has not passed since the member's `staked_at` in `Stakers`. Try again
		/// later.
		ChangeTooFrequent,
		/// The account has no slot to leave. Use `withdraw` for a mature exit.
		NotInPool,
		/// The signer is neither the prover nor its operator.
		NotOperator,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			let max_provers = T::MaxProvers::get();
			assert!(max_provers > 0, "MaxProvers is 0: no prover could enter");
			assert!(
				max_provers <= u32::from(u16::MAX),
				"MaxProvers is more than a ProverId can count"
			);
			assert!(
				T::RewardTolerance::get() < BASIS_POINTS,
				"RewardTolerance is 100 % or more: a price of nearly 0 would take every draw"
			);
			assert!(
				T::OneToken::get() > Zero::zero(),
				"OneToken is 0: stake would be worth nothing"
			);
			assert!(
				T::OneToken::get().checked_mul(&BalanceOf::<T>::from(u32::MAX)).is_some(),
				"OneToken is too large: a stake of u32::MAX tokens does not fit the currency"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Enters the pool, changes the caller's place in it, or leaves it.
		///
		/// ## Dispatch origin
		///
		/// Any signed account. The stake is held on that account.
		///
		/// ## Details
		///
		/// - `amount`: the whole new stake, in whole tokens.
		/// - `reward_per_gas`: the price for a unit of gas, in the smallest unit of the currency.
		/// - `max_capacity`: the maximum number of rollup blocks that the prover takes at the same
		///   time.
		///
		/// Three zeros are the same as [`Pallet::exit`].
		///
		/// A mature exit is paid out first. A member leaves its slot and stakes again. Tokens in
		/// exit are used before others are held. The rest of the exit starts a new exit period. In
		/// a full pool a larger stake replaces the member with the smallest one. Outstanding blocks
		/// count against the capacity. A prover is not drawn in the chain block of its stake.
		///
		/// ## Errors
		///
		/// - [`Error::InvalidParams`]: the offer breaks a bound.
		/// - [`Error::ChangeTooFrequent`]: the caller took its slot less than `MinChangeDelay` ago.
		/// - [`Error::ProverNotGoodEnough`]: the pool is full and the stake is not larger than the
		///   smallest in it.
		/// - [`Error::NotInPool`]: three zeros by an account that has no slot.
		/// - A token error of the currency: the caller's free balance does not cover the shortfall
		///   and the existential deposit.
		///
		/// ## Events
		///
		/// - [`Event::Staked`] for the caller, or [`Event::Exited`] if it only leaves.
		/// - [`Event::Exited`] for the caller's former slot, and for the replaced member.
		/// - [`Event::Withdrawn`] for each mature exit that is paid out.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::stake())]
		pub fn stake(
			origin: OriginFor<T>,
			amount: u32,
			reward_per_gas: u16,
			max_capacity: u16,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let offer = Offer { amount, reward_per_gas, max_capacity };
			if offer.is_exit() {
				Self::do_exit(&who)
			} else {
				Self::do_stake(&who, offer)
			}
		}

		/// Pays out the caller's mature exit.
		///
		/// ## Dispatch origin
		///
		/// The staker, signed.
		///
		/// ## Details
		///
		/// The whole exit is released from the hold. It is mature when more than `ExitPeriod` has
		/// passed since the latest request.
		///
		/// ## Errors
		///
		/// - [`Error::NoMatureExit`]: nothing is in exit, or its period has not passed.
		///
		/// ## Events
		///
		/// - [`Event::Withdrawn`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::withdraw())]
		pub fn withdraw(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw(&who)
		}

		/// Leaves the pool.
		///
		/// ## Dispatch origin
		///
		/// The member, signed.
		///
		/// ## Details
		///
		/// A mature exit is paid out first. The whole stake moves into exit, and the exit period
		/// restarts for the whole exit. It remains slashable until it is mature, and the prover
		/// must still prove its outstanding blocks.
		///
		/// ## Errors
		///
		/// - [`Error::NotInPool`]: the caller has no slot.
		/// - [`Error::ChangeTooFrequent`]: the caller took its slot less than `MinChangeDelay` ago.
		///
		/// ## Events
		///
		/// - [`Event::Exited`], after [`Event::Withdrawn`] if an exit is mature.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::exit(T::MaxProvers::get()))]
		pub fn exit(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_exit(&who)
		}

		/// Names the operator key of the caller, or removes it.
		///
		/// ## Dispatch origin
		///
		/// The prover, signed.
		///
		/// ## Details
		///
		/// The operator carries proofs of the prover with priority and can call `exit_for`. It moves
		/// no money. The entry goes with the last hold of the prover.
		///
		/// ## Errors
		///
		/// - [`Error::NotInPool`]: the caller has neither a slot nor an exit.
		///
		/// ## Events
		///
		/// - [`Event::OperatorSet`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::set_operator())]
		pub fn set_operator(
			origin: OriginFor<T>,
			operator: Option<T::AccountId>,
		) -> DispatchResult {
			let prover = ensure_signed(origin)?;
			Self::do_set_operator(prover, operator)
		}

		/// Leaves the pool for a prover, as its operator.
		///
		/// ## Dispatch origin
		///
		/// The operator of `prover`, or `prover` itself, signed.
		///
		/// ## Details
		///
		/// The same as [`Pallet::exit`] by the prover itself.
		///
		/// ## Errors
		///
		/// - [`Error::NotOperator`]: the prover did not name the signer.
		/// - Those of [`Pallet::exit`].
		///
		/// ## Events
		///
		/// - Those of [`Pallet::exit`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::exit_for(T::MaxProvers::get()))]
		pub fn exit_for(origin: OriginFor<T>, prover: T::AccountId) -> DispatchResult {
			let signer = ensure_signed(origin)?;
			Self::do_exit_for(&signer, &prover)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Returns the state of an account as a staker, and its slot. Both are all zero if they do
		/// not exist.
		pub fn get_staker(who: T::AccountId) -> (Staker, Prover) {
			let staker = Stakers::<T>::get(who).unwrap_or_default();
			let prover = staker
				.prover_id
				.and_then(|id| Provers::<T>::get().slots.get(id.index()).copied())
				.unwrap_or_default();
			(staker, prover)
		}

		/// Returns the number of rollup blocks that the pool still takes.
		pub fn get_capacity() -> u32 {
			// Cannot overflow: fewer than 2^16 slots of 16 bits each.
			Provers::<T>::get()
				.slots
				.iter()
				.map(|prover| u32::from(prover.current_capacity))
				.sum()
		}

		/// Returns the weight of each slot in a draw at this fee, and the sum of the weights.
		pub fn get_weights(fee_per_gas: u32) -> (Vec<u128>, u128) {
			let pool = Provers::<T>::get();
			draw::weights(&pool.slots, fee_per_gas, T::RewardTolerance::get())
		}

		/// Returns all members with their ids and accounts.
		pub fn provers() -> Vec<(ProverId, T::AccountId, Prover)> {
			let slots = Provers::<T>::get().slots;
			slots
				.into_iter()
				.enumerate()
				.filter_map(|(index, prover)| {
					let id = ProverId::from_index(index)?;
					Some((id, ProverAccounts::<T>::get(id)?, prover))
				})
				.collect()
		}

		/// Returns the smallest stake that enters now, in whole tokens, or `None` if no stake can.
		pub fn entry_price() -> Option<u32> {
			membership::entry_price(
				&Provers::<T>::get().slots,
				Self::max_provers(),
				Self::min_capacity(),
				Self::min_stake_per_capacity(),
			)
		}

		/// Returns the effective values of the governed parameters. The constants in the metadata
		/// show the raw ones.
		pub fn parameters() -> Parameters {
			Self::effective_parameters()
		}
	}
}
