// SPDX-License-Identifier: Apache-2.0

//! Attack 1: 500 blocks in a row are missed.

use super::{rewards_of_misses::fee_of_refused, *};

const MISSES: u64 = 500;

/// Rescue of all missed blocks.
struct Rescue {
	chain_blocks: u64,
	/// Stake that the prover lost.
	slashed: Balance,
	/// Bounties of the rescuers.
	bounties: Balance,
}

/// Runs `rescue` in each chain block until all missed blocks are proven.
fn rescue_all(junk: bool, mut rescue: impl FnMut()) -> Rescue {
	let (mut chain_blocks, mut all) = (0, vec![]);
	MaxUnsettledBlocks::set(MISSES as u32);
	MinProofWindow::set(60);
	run_with(vec![(1, 5_000_000, FEE as u16, MISSES as u16)], || {
		for _ in 0..MISSES {
			propose();
		}
		while state().drawn < MISSES {
			next_block();
			for id in state().drawn.saturating_sub(7).max(2)..=state().drawn {
				if junk && stored(id).is_none() {
					assert_ok!(prove_as(1, 1, id, on(wrong(id), wrong(id))));
				}
			}
		}
		pass_deadline(MISSES);
		// The sweep is bounded, too.
		for _ in 0..MISSES / 8 {
			next_block();
		}
		assert_eq!(positions()[1], 0);
		while state().proven < MISSES {
			rescue();
			chain_blocks += 1;
			next_block();
		}
		while state().settled < MISSES {
			next_block();
		}
		all = settlements();
		assert!(all.iter().all(|settled| settled.slashed > 0));
	});
	let slashed = all.iter().map(|settled| settled.slashed).sum();
	Rescue { chain_blocks, slashed, bounties: all.iter().map(|settled| settled.bounty).sum() }
}

/// Proves at most as many blocks as a chain block surely has room for.
fn rescue_by_batches() {
	for _ in 0..MaxDrawnPerBlock::get() {
		let is_open = |(block, _): (crate::RollupBlockOf<Test>, _)| block.is_open();
		if Rollup::load(&state(), state().next()).is_some_and(is_open) {
			prove_next();
		}
	}
}

/// Sends one proof of the next block for each rescuer. Those of later blocks are not valid yet, so
/// the transaction pool does not take them.
fn rescue_by_transactions(rescuers: &[AccountId]) {
	let id = state().next();
	let calls: Vec<_> = rescuers
		.iter()
		.map(|who| (*who, proof_call(*who, id, next_transition(), true)))
		.collect();
	assert!(calls.iter().all(|(who, call)| validate(*who, 0, call).is_ok()));
	let results = calls.into_iter().map(|(who, call)| send(who, call));
	// All but the first are refused by the author, without a fee.
	assert_eq!(results.filter(|result| *result == Ok(true)).count(), 1);
}

#[test]
fn five_hundred_misses_in_a_row_are_rescued_a_chain_block_each() {
	let one = rescue_all(false, || rescue_by_transactions(&[2]));
	let two = rescue_all(false, || rescue_by_transactions(&[2, 3]));
	println!(
		"attack 1: {MISSES} misses, by single transactions: one rescuer {} chain blocks, two \
		 competing ones {} with {MISSES} proofs in vain and without a fee; {} tokens slashed, {} of \
		 them bounties",
		one.chain_blocks,
		two.chain_blocks,
		tokens(one.slashed),
		tokens(one.bounties),
	);
	assert_eq!((one.chain_blocks, two.chain_blocks), (MISSES, MISSES));
}

#[test]
fn five_hundred_misses_in_a_row_are_rescued_by_batches_as_fast_as_they_were_drawn() {
	let Rescue { chain_blocks, slashed, .. } = rescue_all(false, rescue_by_batches);
	println!(
		"attack 1: {MISSES} misses, by batches: {chain_blocks} chain blocks, {} tokens slashed",
		tokens(slashed),
	);
	assert_eq!(chain_blocks, MISSES.div_ceil(MaxDrawnPerBlock::get().into()));
}

/// Batches of two rescuers that compete.
#[derive(Default)]
struct Competition {
	/// Blocks that each of them rescued.
	rescued: BTreeMap<AccountId, u64>,
	/// Calls of the slower ones that were refused, if a batch goes on after a failure.
	refused: u64,
	/// Their fees, and those if a batch stops at its first failure.
	fees: Balance,
	fees_of_first: Balance,
}

impl Competition {
	/// Lets both send the same proofs in a batch each. The slower one alternates.
	fn rescue(&mut self, rescuers: [AccountId; 2]) {
		let first = state().next();
		let last = (first + u64::from(MaxDrawnPerBlock::get()) - 1).min(MISSES);
		let order = if (first / 8).is_multiple_of(2) { [0, 1] } else { [1, 0] };
		for who in order.map(|index| rescuers[index]) {
			let results: Vec<_> =
				(first..=last).map(|id| try_to_prove(who, who, id, transition(id))).collect();
			let refused: Vec<_> = results.iter().filter_map(|result| result.err()).collect();
			*self.rescued.entry(who).or_default() += (results.len() - refused.len()) as u64;
			self.refused += refused.len() as u64;
			let fees = refused.iter().map(|weight| fee_of_refused(*weight, 10));
			self.fees += fees.clone().sum::<Balance>();
			self.fees_of_first += fees.take(1).sum::<Balance>();
		}
	}
}

#[test]
fn two_rescuers_that_compete_by_batches_pay_for_the_calls_of_the_slower_one() {
	let mut both = Competition::default();
	let all = rescue_all(false, || both.rescue([2, 3]));
	println!(
		"attack 1: {MISSES} misses, by batches of two rescuers: {} chain blocks, {:?} rescued by each, \
		 {} calls refused for {:.2} tokens at the lowest fees, {:.2} if a batch stops at its first \
		 failure; bounties of {}",
		all.chain_blocks,
		both.rescued.values(),
		both.refused,
		tokens(both.fees),
		tokens(both.fees_of_first),
		tokens(all.bounties),
	);
	assert_eq!(all.chain_blocks, MISSES.div_ceil(MaxDrawnPerBlock::get().into()));
	assert_eq!((both.rescued.values().sum(), both.refused), (MISSES, MISSES));
	assert!(both.fees_of_first < both.fees && both.fees < all.bounties);
}

/// Waiting junk does not fit once the block before it is proven. Its block is open at once.
#[test]
fn five_hundred_blocks_with_waiting_junk_are_rescued_as_fast_as_missed_ones() {
	let Rescue { chain_blocks, slashed, .. } = rescue_all(true, rescue_by_batches);
	println!(
		"attack 1: {MISSES} blocks with waiting junk, by batches: {chain_blocks} chain blocks, {} \
		 tokens slashed",
		tokens(slashed),
	);
	assert_eq!(chain_blocks, MISSES.div_ceil(MaxDrawnPerBlock::get().into()));
}
