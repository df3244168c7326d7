// SPDX-License-Identifier: Apache-2.0

//! Attack 12: accounts that lack something.

use super::*;
use frame_support::traits::{
	fungible::{InspectHold as _, Mutate as _, MutateHold as _},
	tokens::Precision,
	LockableCurrency, WithdrawReasons,
};

/// Proposers, one of whose blocks is missed by the first accounts' trouble each.
const PROPOSERS: [AccountId; 6] = [50, 51, 52, 53, 3, 4];

/// Brings an account into trouble after its proposal.
type Trouble = fn(AccountId);

fn is_short(who: AccountId) {
	let reason = crate::HoldReason::Deposit.into();
	assert_ok!(Balances::release(
		&reason,
		&who,
		held(who).saturating_sub(REWARD / 3),
		Precision::Exact
	));
}

/// Another provider keeps the account, so that its balance can die in spite of the hold.
fn is_dead(who: AccountId) {
	System::inc_providers(&who);
	Balances::set_balance(&who, 0);
	assert_eq!(free(who), 0);
}

fn is_frozen(who: AccountId) {
	Balances::set_lock(*b"frozen  ", &who, ENDOWMENT, WithdrawReasons::all());
}

fn has_the_most_consumers(who: AccountId) {
	while System::inc_consumers(&who).is_ok() {}
}

fn is_unreserved(who: AccountId) {
	assert_ok!(Balances::force_unreserve(RuntimeOrigin::root(), who, held(who)));
}

/// Returns what settlements paid to provers and returned to proposers.
pub(super) fn paid_and_returned(settlements: &[Settlement]) -> Balance {
	settlements.iter().map(|settled| settled.reward + settled.refund).sum()
}

/// Settles one block of each proposer with this trouble on every other account of them, and on the
/// prover of every other block. Returns the time and the amounts of each settlement, and the amount
/// that was on hold after the trouble.
///
/// Checks R17: the amount on hold is paid, returned or burned, and no hold is left behind.
fn settle_with(trouble: Option<Trouble>) -> (Vec<Settlement>, Balance) {
	let (mut all, mut on_hold) = (vec![], 0);
	genesis(vec![]).execute_with(|| {
		begin_block(START);
		for who in PROPOSERS {
			assert_ok!(propose_as(who, GAS, u32::MAX));
		}
		next_block();
		for who in PROPOSERS.into_iter().step_by(2).chain([RESCUER]) {
			trouble.inspect(|trouble| trouble(who));
		}
		on_hold = PROPOSERS.into_iter().map(held).sum();
		let issuance = Balances::total_issuance();
		for id in 1..=6 {
			// Even blocks are proven by a healthy account.
			let prover = if id % 2 == 0 { 8 } else { RESCUER };
			assert_ok!(prove_as(CARRIER, prover, id, transition(id)));
		}
		events();
		while state().settled < 6 {
			next_block();
			all.extend(settlements());
		}
		let burned = issuance - Balances::total_issuance();
		assert_eq!(paid_and_returned(&all) + burned, on_hold);
		check();
	});
	(all, on_hold)
}

#[test]
fn the_trouble_of_one_account_is_not_that_of_others() {
	let (healthy, deposits) = settle_with(None);
	assert_eq!((paid_and_returned(&healthy), deposits), (6 * DEPOSIT, 6 * DEPOSIT));
	let troubles: [(&str, Trouble); 5] = [
		("short of its hold", is_short),
		("dead", is_dead),
		("frozen", is_frozen),
		("with the most consumers", has_the_most_consumers),
		("unreserved by root", is_unreserved),
	];
	for (name, trouble) in troubles {
		let (all, on_hold) = settle_with(Some(trouble));
		let others = |all: &[Settlement]| {
			all.iter()
				.filter(|settled| settled.block_id % 2 == 0)
				.cloned()
				.collect::<Vec<_>>()
		};
		assert_eq!(others(&all), others(&healthy), "{name}");
		let times = |all: &[Settlement]| all.iter().map(|settled| settled.at).collect::<Vec<_>>();
		assert_eq!(times(&all), times(&healthy), "{name}");
		let paid = paid_and_returned(&all);
		println!(
			"attack 12: three accounts {name}: {} of {} tokens left on hold, {} paid and returned, \
			 {} burned, all blocks on time",
			tokens(on_hold),
			tokens(deposits),
			tokens(paid),
			tokens(on_hold - paid),
		);
	}
}

/// `force_unreserve` leaves the entry of the hold as it is, and takes its balance away.
#[test]
fn what_root_left_on_hold_is_paid_and_returned() {
	let price = Balance::from(MAX_PRICE) * USED;
	for left in [price / 2, price, price + 1_000, DEPOSIT - 1] {
		genesis(vec![]).execute_with(|| {
			begin_block(START);
			propose_and_draw(1);
			let taken = DEPOSIT - left;
			assert_ok!(Balances::force_unreserve(RuntimeOrigin::root(), PROPOSER, taken));
			assert_ok!(prove(RESCUER, 1));
			events();
			settle();
			let settled = &settlements()[0];
			println!(
				"attack 12: {left} of {DEPOSIT} left on hold: {} paid, {} returned",
				settled.reward, settled.refund
			);
			assert_eq!((settled.reward, settled.refund), (left.min(price), left - left.min(price)));
			assert_eq!(Balances::total_balance_on_hold(&PROPOSER), 0);
			assert_eq!(free(PROPOSER) + free(RESCUER), 2 * ENDOWMENT);
		});
	}
}

/// The smallest member has a mature exit, and root took its balance on hold away.
#[test]
fn a_member_that_root_unreserved_keeps_no_larger_stake_out() {
	MaxProvers::set(1);
	genesis(vec![(1, 100_000, FEE as u16, 5)]).execute_with(|| {
		begin_block(START);
		pass(60);
		assert_ok!(ProverPool::stake(RuntimeOrigin::signed(1), 60_000, FEE as u16, 5));
		crate::State::<Test>::mutate(|state| state.clock.elapsed += 8 * 24 * 60 * 60 * 1_000);
		let reserved = Balances::total_balance_on_hold(&1);
		assert_ok!(Balances::force_unreserve(RuntimeOrigin::root(), 1, reserved));
		assert_ok!(ProverPool::stake(RuntimeOrigin::signed(2), 200_000, FEE as u16, 5));
		let members = ProverPool::provers();
		println!(
			"attack 12: a member with {} of {} tokens left on hold gives its place to a stake of {}",
			tokens(Balances::total_balance_on_hold(&1)),
			tokens(reserved),
			members[0].2.staked_amount,
		);
		assert_eq!((members.len(), members[0].1), (1, 2));
	});
}

fn stake_on_hold(who: AccountId) -> Balance {
	Balances::balance_on_hold(&pallet_prover_pool::HoldReason::Stake.into(), &who)
		.min(Balances::total_balance_on_hold(&who))
}

/// Lets root leave this part of a stake on hold.
fn shorten(who: AccountId, left: Balance) {
	let taken = stake_on_hold(who) - left;
	assert_ok!(Balances::force_unreserve(RuntimeOrigin::root(), who, taken));
}

fn is_dead_and_unreserved(who: AccountId) {
	shorten(who, 0);
	is_dead(who);
}

/// Settlements, with what the slashed prover had on hold before and after them, and what was burned.
struct Misses {
	all: Vec<Settlement>,
	on_hold: Balance,
	left: Balance,
	burned: Balance,
}

impl Misses {
	fn slashed(&self) -> Balance {
		self.all.iter().map(|settled| settled.slashed).sum()
	}

	fn bounties(&self) -> Balance {
		self.all.iter().map(|settled| settled.bounty).sum()
	}

	/// Returns the settlements of blocks that were not missed.
	fn others(&self, missed: &[u64]) -> Vec<Settlement> {
		let is_other = |settled: &&Settlement| !missed.contains(&settled.block_id);
		self.all.iter().filter(is_other).cloned().collect()
	}
}

/// Lets prover 1 miss all its blocks with this trouble, while three others prove theirs. Returns the missed
/// blocks as well.
///
/// Checks R17: deposits are paid or returned, slashes are bounties or burned, and leave the hold.
fn miss_with(trouble: Option<Trouble>) -> (Misses, Vec<u64>) {
	let (mut all, mut on_hold, mut left, mut burned) = (vec![], 0, 0, 0);
	let mut missed_blocks = vec![];
	MinProofWindow::set(60);
	genesis([1, 2, 3, 4].map(|who| (who, 60_000, FEE as u16, 5)).to_vec()).execute_with(|| {
		begin_block(START);
		propose_and_draw(8);
		propose_and_draw(8);
		let (own, others): (Vec<_>, Vec<_>) = (1..=16).partition(|id| assigned(*id) == Some(1));
		trouble.inspect(|trouble| trouble(1));
		on_hold = stake_on_hold(1);
		let issuance = Balances::total_issuance();
		for id in others {
			assert_ok!(prove(assigned(id).unwrap(), id));
		}
		while state().settled < 16 {
			while can_prove_next() && block(state().next()).unwrap().is_open() {
				prove_next();
			}
			next_block();
			all.extend(settlements());
		}
		left = stake_on_hold(1);
		burned = issuance - Balances::total_issuance();
		assert_eq!((paid_and_returned(&all), held(PROPOSER)), (16 * DEPOSIT, 0));
		assert_eq!((1..=4).map(outstanding).sum::<u32>(), 0);
		Rollup::do_try_state().unwrap();
		missed_blocks = own;
	});
	let misses = Misses { all, on_hold, left, burned };
	assert_eq!(misses.slashed(), misses.bounties() + misses.burned);
	assert_eq!(misses.on_hold - misses.left, misses.slashed());
	(misses, missed_blocks)
}

#[test]
fn the_trouble_of_a_prover_that_misses_is_not_that_of_others() {
	let (healthy, missed) = miss_with(None);
	assert!(missed.len() > 2);
	let troubles: [(&str, Trouble); 7] = [
		("dead", is_dead),
		("frozen", is_frozen),
		("with the most consumers", has_the_most_consumers),
		("left with half a slash by root", |who| shorten(who, 74 * TOKEN)),
		("left with a slash and a half by root", |who| shorten(who, 225 * TOKEN)),
		("left with half a token by root", |who| shorten(who, TOKEN / 2)),
		("dead and left with nothing by root", is_dead_and_unreserved),
	];
	for (name, trouble) in troubles {
		let (misses, missed_with_trouble) = miss_with(Some(trouble));
		assert_eq!(missed_with_trouble, missed, "{name}");
		assert_eq!(misses.others(&missed), healthy.others(&missed), "{name}");
		let times = |misses: &Misses| {
			misses
				.all
				.iter()
				.map(|settled| (settled.block_id, settled.at))
				.collect::<Vec<_>>()
		};
		assert_eq!(times(&misses), times(&healthy), "{name}");
		println!(
			"attack 12: a prover {name} misses {} blocks: {} of {} tokens slashed, bounties {}, burned \
			 {}, left {}; all {} blocks on time",
			missed.len(),
			tokens(misses.slashed()),
			tokens(healthy.slashed()),
			tokens(misses.bounties()),
			tokens(misses.burned),
			tokens(misses.left),
			misses.all.len(),
		);
		// All of a hold that is short, in whole tokens, and as much as otherwise of one that is not.
		let expected = healthy.slashed().min(misses.on_hold / TOKEN * TOKEN);
		assert_eq!(misses.slashed(), expected, "{name}");
	}
}
