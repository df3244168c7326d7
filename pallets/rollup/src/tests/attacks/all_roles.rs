// SPDX-License-Identifier: Apache-2.0

//! Attack 12: one account that is proposer, prover, rescuer and carrier.

use super::{accounts::paid_and_returned, *};
use frame_support::traits::fungible::Inspect as _;

/// Prover that misses, and that has the other roles as well in some runs.
const PROVER: AccountId = 1;
/// Prover that delivers.
const OTHER_PROVER: AccountId = 2;
/// Number of the blocks. Their proposers alternate, and the last two are open.
const BLOCKS: u64 = 12;

/// Accounts in the roles that one account can have besides that of the prover that misses.
#[derive(Clone, Copy)]
struct Roles {
	/// Proposer of odd blocks. The even ones are those of [`PROPOSER`].
	proposer: AccountId,
	rescuer: AccountId,
	/// Carrier of all proofs, and operator of the other prover.
	carrier: AccountId,
}

const ONE_ACCOUNT: Roles = Roles { proposer: PROVER, rescuer: PROVER, carrier: PROVER };
const FOUR_ACCOUNTS: Roles = Roles { proposer: 51, rescuer: RESCUER, carrier: CARRIER };

/// Settlements, the blocks of each prover, and what accounts gained or lost.
struct Outcome {
	all: Vec<Settlement>,
	missed: Vec<u64>,
	of_other: Vec<u64>,
	change: BTreeMap<AccountId, i128>,
	burned: Balance,
}

impl Outcome {
	fn sum(&self, of: impl Fn(&Settlement) -> Balance) -> Balance {
		self.all.iter().map(of).sum()
	}
}

/// Lets the carrier bring the proofs of all drawn blocks, but not those that the prover misses.
fn deliver(carrier: AccountId, missed: &[u64]) {
	for id in (1..=10).filter(|id| !missed.contains(id)) {
		let prover = assigned(id).unwrap();
		// Only the prover or its operator stores a transition of a later block.
		let signer = if prover == PROVER { PROVER } else { carrier };
		assert_ok!(prove_as(signer, prover, id, transition(id)));
	}
}

/// Settles blocks of two proposers and two provers, the first of whom misses all but one of its own.
fn settle_in(roles: Roles, misses: bool) -> Outcome {
	let mut outcome = None;
	run_with([1, 2].map(|who| (who, 60_000, FEE as u16, 5)).to_vec(), || {
		let other = RuntimeOrigin::signed(OTHER_PROVER);
		assert_ok!(ProverPool::set_operator(other, Some(roles.carrier)));
		let before = ACCOUNTS.map(|who| Balances::total_balance(&who) as i128);
		for id in 1..=BLOCKS {
			let proposer = if id % 2 == 0 { PROPOSER } else { roles.proposer };
			assert_ok!(propose_as(proposer, GAS, u32::MAX));
		}
		next_block();
		next_block();
		let (own, of_other): (Vec<_>, Vec<_>) =
			(1..=10).partition(|id| assigned(*id) == Some(PROVER));
		let missed = if misses { own[1..].to_vec() } else { vec![] };
		deliver(roles.carrier, &missed);
		let mut all = vec![];
		while state().settled < BLOCKS {
			while can_prove_next() && block(state().next()).unwrap().is_open() {
				let id = state().next();
				assert_ok!(prove_as(roles.carrier, roles.rescuer, id, next_transition()));
			}
			next_block();
			all.extend(settlements());
		}
		let after = ACCOUNTS.map(|who| (who, Balances::total_balance(&who) as i128));
		let change = after.iter().zip(before).map(|((who, after), before)| (*who, after - before));
		assert!(ACCOUNTS.iter().all(|who| held(*who) == 0 && outstanding(*who) == 0));
		let change = change.collect();
		outcome = Some(Outcome { all, missed, of_other, change, burned: burned() });
	});
	outcome.unwrap()
}

/// Compares with a run in which four accounts have these roles, and with one without a miss.
#[test]
fn an_account_in_all_roles_at_once_pays_for_its_misses_and_others_are_paid_as_ever() {
	let (one, four) = (settle_in(ONE_ACCOUNT, true), settle_in(FOUR_ACCOUNTS, true));
	let healthy = settle_in(FOUR_ACCOUNTS, false);
	assert!(one.missed.len() > 2 && one.of_other.len() == 5);
	assert_eq!((&one.missed, &one.of_other), (&four.missed, &four.of_other));
	// Settlement of every block is the same, but for the name of the rescuer.
	let mut renamed = four.all.clone();
	for settled in &mut renamed {
		settled.prover = settled.prover.map(|who| if who == RESCUER { PROVER } else { who });
	}
	assert_eq!(one.all, renamed);
	for who in [OTHER_PROVER, PROPOSER] {
		assert_eq!(one.change[&who], four.change[&who]);
	}
	let mut late = 0;
	for id in &one.of_other {
		let [one, healthy] = [&one, &healthy].map(|outcome| &outcome.all[*id as usize - 1]);
		assert_eq!(one.prover, Some(OTHER_PROVER));
		assert_eq!((one.reward, one.refund), (healthy.reward, healthy.refund));
		late = late.max(one.at - healthy.at);
	}
	assert_costs(&one, late);
	assert_eq!(healthy.sum(|settled| settled.slashed), 0);
}

/// Checks R17, and that the account in all roles bears the slashes less its own bounties.
fn assert_costs(one: &Outcome, late: u64) {
	let (slashed, bounties) =
		(one.sum(|settled| settled.slashed), one.sum(|settled| settled.bounty));
	let to_other: Balance = one.change[&OTHER_PROVER] as Balance;
	let by_other = -one.change[&PROPOSER] as Balance;
	let lost = -one.change[&PROVER];
	println!(
		"attack 12: one account in all roles misses {} of {BLOCKS} blocks: slashed {}, bounties {}, \
		 lost {}; {} blocks of another prover paid {} units and {} blocks of another proposer cost {} \
		 units, as with four accounts; without misses they settle {late} s earlier at most",
		one.missed.len(),
		tokens(slashed),
		tokens(bounties),
		lost as f64 / TOKEN as f64,
		one.of_other.len(),
		to_other,
		BLOCKS / 2,
		by_other,
	);
	assert_eq!(one.all.iter().filter(|settled| settled.slashed > 0).count(), one.missed.len());
	assert_eq!(one.burned, slashed - bounties);
	assert_eq!(paid_and_returned(&one.all), u128::from(BLOCKS) * DEPOSIT);
	// It pays the other prover for its own blocks, and earns by those of the other proposer.
	let expected = slashed as i128 - bounties as i128 + to_other as i128 - by_other as i128;
	assert_eq!(lost, expected);
}
