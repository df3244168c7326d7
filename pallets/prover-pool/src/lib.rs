// SPDX-License-Identifier: Apache-2.0

//! # Prover Pool Pallet
//!
//! A bounded pool of staked provers, from which a rollup draws one for each block.
//!
//! ## Pallet API
//!
//! See the [`pallet`] module for the calls, storage items, events, errors and Config items,
//! [`ProverPool`](prover_pool_primitives::ProverPool) for what the rollup's pallet calls, and
//! [`runtime_api`] for the reads.
//!
//! ## Overview
//!
//! A rollup posts blocks faster than it can prove them. Provers lock stake to enter a pool of at
//! most [`Config::MaxProvers`], and name the price for which they prove and how many blocks they
//! take at the same time. The rollup's pallet has a prover drawn for each of its blocks; that
//! prover alone may prove it inside a window of time and is paid its price. When the proof is in,
//! the capacity comes back; when the window closes without it, the prover is slashed. Anybody may
//! join by out-staking the smallest member, and leaves through an exit period in which the stake
//! can still be slashed.
//!
//! ### Example
//!
//! An operator stakes, leaves and has its tokens back:
#![doc = docify::embed!("src/tests/staking.rs", an_operator_stakes_leaves_and_is_paid)]
//!
//! ### Terms
//!
//! - **Stake**: whole tokens ([`Config::OneToken`]) on hold on the prover's own account.
//! - **Member**: an account with a slot of the pool; the slot's number, from 1, is its
//!   [`ProverId`].
//! - **Capacity**: how many rollup blocks a member takes at the same time; **outstanding** are the
//!   blocks it was given and that are not released.
//! - **Exit**: stake that left the pool and waits for [`Config::ExitPeriod`]; **mature** when that
//!   has passed.
//!
//! ## Low level details
//!
//! `RULES.md` of this package lists the rules by the numbers that code and tests name them by. They
//! are plain functions over plain values, without storage or currency: offers, places, exits and
//! outstanding blocks in `rules::membership`, weights and the draw in `rules::draw`, slashes in
//! `rules::slashing`.
//! Around them a thin shell loads, calls, saves, moves holds and deposits events: `calls` for the
//! extrinsics, `impls` for the rollup. `try_state` lists what always holds.
//!
//! A call touches the caller and at most one other account, the member that it replaces. The whole
//! pool is one value, so that an assignment reads it and one account, and writes it. It has 8 bytes
//! for each slot, and 2 more for each that was taken last, see [`RecentStakes`].
//!
//! ### What this pallet decides where the original says nothing
//!
//! - `exit` by an account outside of the pool fails with [`Error::NotInPool`] rather than doing
//!   nothing, and `stake` with three zeros likewise, even where an exit is mature: `withdraw` is
//!   for that.
//! - Whoever leaves the pool, by whatever way, is paid a mature exit first. Otherwise the restart
//!   of the exit clock would lock that money once more, and a slash could reach it.
//! - There is no event for an assignment or a release: the rollup's own events say who was drawn
//!   for which block and who proved it, and the pool would only repeat them at the price of the
//!   rollup's weight.
//! - A change of a parameter by governance applies at once to everybody, except that the bounds of
//!   an offer (`MinCapacity`, `MinStakePerCapacity`) do not concern those who are in the pool until
//!   their next `stake`, or until a slash measures them by rule 28.
//! - Time is the clock of [`Config::Time`]. Before the first block has set it, it is 0, which is
//!   when genesis provers take their slots.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;
pub use types::{Pool, Prover, ProverId, RecentStakes, Staker};
pub use weights::WeightInfo;

pub mod runtime_api;
pub mod weights;

mod calls;
mod genesis;
mod impls;
mod rules;
mod types;

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
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{hold, Credit, Inspect},
			Randomness, UnixTime,
		},
	};
	use frame_system::pallet_prelude::*;
	use prover_pool_primitives::BlockId;
	use rules::{
		draw,
		membership::{self, Offer},
		BASIS_POINTS,
	};
	use sp_runtime::traits::{CheckedMul, Zero};

	/// The currency's balance.
	pub type BalanceOf<T> =
		<<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

	/// What a slash hands to its caller.
	pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

	/// The pool with as many slots as the runtime allows.
	pub type PoolOf<T> = Pool<<T as Config>::MaxProvers>;

	/// The layout of the storage. A change of it comes with a migration and the next number.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The weights of the calls and of what the rollup calls.
		type WeightInfo: WeightInfo;

		/// What stake is paid in, on hold under [`HoldReason::Stake`].
		type Currency: hold::Mutate<Self::AccountId, Reason: From<HoldReason>>
			+ hold::Balanced<Self::AccountId>;

		/// The chain's clock. The pool counts in Unix seconds. It must not move between two blocks
		/// that share a seed of `Randomness`: a stake made in the first, by somebody who knows the
		/// seed, could be drawn in the second (rule 21).
		type Time: UnixTime;

		/// Where the draws' randomness comes from (rule 20). A stake made in one chain block can
		/// be drawn in the next, so the value must not be known before the block that uses it:
		/// `pallet-insecure-randomness-collective-flip` does not serve.
		type Randomness: Randomness<Self::Hash, BlockNumberFor<Self>>;

		/// How many slots the pool has. An assignment reads them all, and each is up to 10 bytes of
		/// its proof. It may grow with a runtime upgrade. It must not shrink without a migration: a
		/// longer pool in storage could not be read any more.
		#[pallet::constant]
		type MaxProvers: Get<u32>;

		/// What one whole token is worth in the smallest unit of the currency.
		#[pallet::constant]
		type OneToken: Get<BalanceOf<Self>>;

		/// How long an exit takes, in seconds. It is mature when more than this has passed. Keep it
		/// well above the time in which a miss is noticed: what is mature cannot be slashed.
		#[pallet::constant]
		type ExitPeriod: Get<u64>;

		/// How long a member keeps its place before it may leave or change it, in seconds.
		#[pallet::constant]
		type MinChangeDelay: Get<u64>;

		/// The least capacity that a prover declares, in rollup blocks.
		#[pallet::constant]
		type MinCapacity: Get<u16>;

		/// The least stake for each unit of declared capacity, in whole tokens.
		#[pallet::constant]
		type MinStakePerCapacity: Get<u32>;

		/// What a missed block costs of all that is slashable, in basis points.
		#[pallet::constant]
		type SlashPoints: Get<u32>;

		/// What a missed block costs at least, as a multiple of the reward that it would have
		/// brought.
		#[pallet::constant]
		type SlashMultiplier: Get<u32>;

		/// How far from the fee a price may count on either side, in basis points of the fee.
		#[pallet::constant]
		type RewardTolerance: Get<u32>;

		/// The part of the least stake for its capacity below which a slashed member leaves the
		/// pool, in basis points.
		#[pallet::constant]
		type EjectionThreshold: Get<u32>;

		/// Moves the clock in benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkClock: prover_pool_primitives::BenchmarkClock;
	}

	/// Why this pallet holds balance.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// A prover's stake, in the pool or in exit.
		#[codec(index = 0)]
		Stake,
	}

	/// The whole pool: one slot for each id, in order, and who took one last. An empty slot is all
	/// zero.
	#[pallet::storage]
	pub type Provers<T: Config> = StorageValue<_, PoolOf<T>, ValueQuery>;

	/// The account of each member, by the id of its slot. Bounded by the number of slots.
	#[pallet::storage]
	pub type ProverAccounts<T: Config> = StorageMap<_, Twox64Concat, ProverId, T::AccountId>;

	/// What is known of each account with a slot, an exit or an outstanding block. An entry costs
	/// its owner a hold or its slot, or stands for blocks that the rollup has not released, and
	/// disappears with the last of the three.
	#[pallet::storage]
	pub type Stakers<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Staker>;

	/// Provers that are in the pool from block 0.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Account, stake in whole tokens, price for a unit of gas, and capacity of each. In the
		/// order of their ids. A list that breaks a rule of `stake` is refused.
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
			/// Its whole stake in the pool, in whole tokens.
			amount: u32,
			/// Its price for a unit of gas.
			reward_per_gas: u16,
			/// The capacity that it starts with: what it declared less what it has outstanding.
			current_capacity: u16,
		},
		/// A prover left the pool: by itself, replaced, or ejected by a slash.
		Exited {
			/// The prover.
			who: T::AccountId,
			/// The stake that went into exit, in whole tokens.
			amount: u32,
		},
		/// A mature exit was paid out.
		Withdrawn {
			/// The staker.
			who: T::AccountId,
			/// What was released, in whole tokens.
			amount: u32,
		},
		/// A prover was slashed for a block that it missed.
		Slashed {
			/// The prover.
			who: T::AccountId,
			/// What was really taken, in whole tokens.
			amount: u32,
			/// The rollup block.
			block_id: BlockId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The offer breaks a bound. Name a price above 0, a capacity of at least `MinCapacity`,
		/// and a stake of at least `MinStakePerCapacity` for each unit of capacity; or three
		/// zeros to leave.
		InvalidParams,
		/// Nothing is in exit, or not for longer than `ExitPeriod`. `Stakers` tells since when.
		NoMatureExit,
		/// The pool is full and the stake is not above the smallest in it. `entry_price` tells
		/// what gets in.
		ProverNotGoodEnough,
		/// The member has its place for less than `MinChangeDelay`. Wait until that has passed
		/// since its `staked_at` in `Stakers`.
		ChangeTooFrequent,
		/// The account has no slot to leave. Use `withdraw` for what is in exit.
		NotInPool,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			let max_provers = T::MaxProvers::get();
			assert!(max_provers > 0, "MaxProvers is 0: nobody could be in the pool");
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
		/// Enter the pool, change one's place in it, or leave it.
		///
		/// ## Dispatch origin
		///
		/// Signed, by anyone. The stake is the signer's.
		///
		/// ## Details
		///
		/// `amount` is the whole new stake in whole tokens, `reward_per_gas` the price for a unit
		/// of gas in the smallest unit of the currency, and `max_capacity` how many rollup blocks
		/// the prover takes at the same time. Three zeros are a full exit, the same as
		/// [`Pallet::exit`].
		///
		/// A mature exit is paid out first. A member leaves its slot and stakes anew. Tokens in
		/// exit are used before anything else is held; what remains in exit starts a new exit
		/// period. In a full pool the member with the smallest stake is replaced, if the new
		/// stake is larger. Blocks that the prover still has outstanding count against its
		/// capacity. Nobody is drawn in the chain block in which it staked.
		///
		/// ## Errors
		///
		/// - [`Error::InvalidParams`]: the offer breaks a bound.
		/// - [`Error::ChangeTooFrequent`]: the caller took its place less than `MinChangeDelay`
		///   ago.
		/// - [`Error::ProverNotGoodEnough`]: the pool is full and the stake not larger than the
		///   smallest in it.
		/// - [`Error::NotInPool`]: three zeros by an account that has no slot.
		/// - A token error of the currency: the caller's free balance does not cover the
		///   shortfall and the existential deposit.
		///
		/// ## Events
		///
		/// - [`Event::Staked`] for the caller, or [`Event::Exited`] if it only leaves.
		/// - [`Event::Exited`] for the caller's former place and for the member it replaces.
		/// - [`Event::Withdrawn`] for each mature exit paid out on the way.
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

		/// Pay out a mature exit.
		///
		/// ## Dispatch origin
		///
		/// Signed, by the staker.
		///
		/// ## Details
		///
		/// Releases all of it from the hold. An exit is mature when more than `ExitPeriod` has
		/// passed since the last request.
		///
		/// ## Errors
		///
		/// - [`Error::NoMatureExit`]: nothing is in exit, or not for long enough.
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

		/// Leave the pool.
		///
		/// ## Dispatch origin
		///
		/// Signed, by the member.
		///
		/// ## Details
		///
		/// A mature exit is paid out first. The whole stake goes into exit, and the exit period
		/// starts for all that is in exit. It can still be slashed until it is mature, and blocks
		/// that are outstanding remain the prover's to prove.
		///
		/// ## Errors
		///
		/// - [`Error::NotInPool`]: the caller has no slot.
		/// - [`Error::ChangeTooFrequent`]: the caller took its place less than `MinChangeDelay`
		///   ago.
		///
		/// ## Events
		///
		/// - [`Event::Exited`], after [`Event::Withdrawn`] if an exit was mature.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::exit(T::MaxProvers::get()))]
		pub fn exit(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_exit(&who)
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

		/// Returns the weight of each slot in a draw at this fee and the present time, and the sum
		/// of the weights. A stake of the latest block weighs 0 until the clock advances.
		pub fn get_weights(fee_per_gas: u32) -> (Vec<u128>, u128) {
			let pool = Provers::<T>::get();
			let recent = pool.recent_stakes.at(Self::now());
			draw::weights(&pool.slots, recent, fee_per_gas, T::RewardTolerance::get())
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
				T::MinCapacity::get(),
				T::MinStakePerCapacity::get(),
			)
		}
	}
}
