// SPDX-License-Identifier: Apache-2.0

//! Attack 8 on the runtime: an override with a full queue behind it.

use super::{chain::*, room::override_by_sudo, upgrade::chain_with_history};
use crate::*;
use frame_support::traits::Get;
use pallet_rollup::Config;
use sp_keyring::Sr25519Keyring::Alice;

fn positions(chain: &mut Chain) -> pallet_rollup::Positions {
	chain.look(Rollup::positions)
}

/// Returns the members' outstanding blocks in all, and their stakes.
fn pool(chain: &mut Chain) -> (u32, Vec<u32>) {
	chain.look(|| {
		let provers = ProverPool::provers().into_iter().map(|(_, who, _)| who);
		let stakers = provers.map(ProverPool::get_staker);
		stakers
			.map(|(staker, prover)| {
				let outstanding = staker.max_capacity - prover.current_capacity + staker.backlog;
				(u32::from(outstanding), prover.staked_amount)
			})
			.fold((0, vec![]), |(sum, mut stakes), (outstanding, stake)| {
				stakes.push(stake);
				(sum + outstanding, stakes)
			})
	})
}

fn is_slash(event: &RuntimeEvent) -> bool {
	match event {
		RuntimeEvent::ProverPool(pallet_prover_pool::Event::Slashed { .. }) => true,
		RuntimeEvent::Rollup(pallet_rollup::Event::BlockSettled { slashed, .. }) => *slashed > 0,
		_ => false,
	}
}

/// Makes chain blocks until all capacity is released and no block is undrawn. Returns the number of chain
/// blocks until each. No prover may be slashed in them.
fn sweep(chain: &mut Chain) -> [u64; 2] {
	let mut numbers = [None; 2];
	let mut chain_blocks = 0;
	loop {
		let (_, events) = chain.make_block(Vec::new);
		chain_blocks += 1;
		assert!(!events.iter().any(is_slash), "{events:?}");
		let positions = positions(chain);
		let are_done = [pool(chain).0 == 0, positions.drawn == positions.proposed];
		for (number, is_done) in numbers.iter_mut().zip(are_done) {
			if is_done {
				number.get_or_insert(chain_blocks);
			}
		}
		if let [Some(released), Some(opened)] = numbers {
			return [released, opened];
		}
	}
}

#[test]
fn an_override_with_a_full_queue_behind_it_opens_all_and_slashes_no_prover() {
	let mut chain = chain_with_history();
	let before = positions(&mut chain);
	let (outstanding, stakes) = pool(&mut chain);
	let behind = before.proposed - before.proven;
	let max_unsettled: u32 = <Runtime as Config>::MaxUnsettledBlocks::get();
	assert_eq!(behind + 1, u64::from(max_unsettled));
	assert!(outstanding > 2_000, "{outstanding} outstanding");
	let call = override_by_sudo(before.proven);
	let (outcomes, _) = chain.block_by(vec![(Alice.pair(), call)]);
	assert_eq!(outcomes[0].result, Ok(()));
	// All drawn blocks are open at once, before the sweep has reached any of them.
	let drawn = positions(&mut chain).drawn;
	assert_eq!(chain.look(Rollup::open_blocks).len() as u64, drawn - before.proven);

	let [released, opened] = sweep(&mut chain);
	println!(
		"attack 8: an override with {behind} blocks behind it, {outstanding} of them outstanding: {} \
		 drawn ones open at once, their capacity released in {released} chain blocks, the undrawn ones \
		 open in {opened} chain blocks, 0 slashed",
		drawn - before.proven,
	);
	assert_eq!(pool(&mut chain), (0, stakes));
	assert_eq!(chain.look(Rollup::open_blocks).len() as u64, behind);
	let swept: u32 = <Runtime as Config>::MaxSweptPerBlock::get();
	let most = (drawn - before.proven).div_ceil(u64::from(swept));
	assert!(released <= most, "{released} chain blocks");
	let max_drawn: u32 = <Runtime as Config>::MaxDrawnPerBlock::get();
	assert_eq!(opened, (before.proposed - drawn).div_ceil(u64::from(max_drawn)));
	chain.look(assert_invariants);
}
