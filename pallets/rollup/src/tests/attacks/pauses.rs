// SPDX-License-Identifier: Apache-2.0

//! Attack 9: a pause in the middle of everything.

use super::*;

/// Number of chain blocks of the script.
const CHAIN_BLOCKS: u64 = 60;
/// Time between an exit and its withdrawal, in seconds of the clock.
const EXIT_PERIOD: u64 = 150;

/// Events, with the reading of the clock.
type History = Vec<(u64, Event)>;

/// Does what the script has for a chain block.
fn act(chain_block: u64) {
	match chain_block {
		0 | 1 | 2 | 20 | 40 => {
			propose();
			propose();
		},
		3 => {
			// One proven, two waiting, one of them junk.
			assert_ok!(prove(assigned(1).unwrap(), 1));
			let prover = assigned(4).unwrap();
			assert_ok!(prove_as(prover, prover, 4, on(wrong(3), wrong(4))));
			assert_ok!(prove(assigned(5).unwrap(), 5));
		},
		11 => {
			assert_ok!(ProverPool::exit(RuntimeOrigin::signed(2)));
		},
		16 => activate(2),
		24 => {
			assert_ok!(override_root(state().next(), root(state().next())));
		},
		26 => {
			assert_ok!(resume_draws());
		},
		_ => (),
	}
	// The others are rescued, late.
	if chain_block > 18 && can_prove_next() && block(state().next()).unwrap().is_open() {
		assert_ok!(prove_as(RESCUER, RESCUER, state().next(), next_transition()));
	}
}

/// Runs the script, with a pause of a week before the calls of one of its chain blocks.
fn run_script(paused_in: Option<u64>, chain_blocks_of_pause: u64) -> (History, u64) {
	let (mut history, mut withdrawn_at) = (vec![], 0);
	MinProofWindow::set(60);
	ExitPeriod::set(EXIT_PERIOD);
	run_with(vec![(1, 60_000, FEE as u16, 5), (2, 60_000, FEE as u16, 5)], || {
		// The first chain block of all does not tick.
		next_block();
		for chain_block in 0..CHAIN_BLOCKS {
			if withdrawn_at == 0 && ProverPool::withdraw(RuntimeOrigin::signed(2)).is_ok() {
				withdrawn_at = now();
			}
			if paused_in == Some(chain_block) {
				assert_ok!(pause());
				let (settled, drawn, at) = (positions()[0], positions()[2], now());
				for _ in 0..chain_blocks_of_pause {
					next_block_after(604_800 / chain_blocks_of_pause);
					assert!(ProverPool::withdraw(RuntimeOrigin::signed(2)).is_err());
				}
				assert_eq!((positions()[0], positions()[2], now()), (settled, drawn, at));
				assert_ok!(resume());
			}
			act(chain_block);
			let at = now();
			history.extend(events().into_iter().map(|event| (at, event)));
			next_block();
		}
		finish();
		let at = now();
		history.extend(events().into_iter().map(|event| (at, event)));
	});
	history.retain(|(_, event)| !matches!(event, Event::Paused | Event::Resumed));
	(history, withdrawn_at)
}

#[test]
fn a_pause_of_a_week_in_the_middle_of_everything_changes_nothing() {
	let (plain, withdrawn_at) = run_script(None, 0);
	let count =
		|select: fn(&Event) -> bool| plain.iter().filter(|(_, event)| select(event)).count();
	let missed = count(|event| matches!(event, Event::AssignmentMissed { .. }));
	let settled = count(|event| matches!(event, Event::BlockSettled { .. }));
	assert!(missed > 0 && withdrawn_at > 0 && settled == 10);
	for paused_in in 0..CHAIN_BLOCKS {
		for chain_blocks in [1, 40] {
			let (history, paused_withdrawn_at) = run_script(Some(paused_in), chain_blocks);
			assert_eq!(history, plain, "paused in {paused_in}");
			assert_eq!(paused_withdrawn_at, withdrawn_at);
		}
	}
	println!(
		"attack 9: a pause of a week in each of {CHAIN_BLOCKS} chain blocks: the same {} events \
		 at the same readings of the clock, {missed} misses and an exit among them",
		plain.len(),
	);
}

#[test]
fn whatever_is_proven_in_a_pause_is_paid() {
	run_with(vec![(1, 60_000, FEE as u16, 5)], || {
		propose_and_draw(7);
		let paused_at = time();
		assert_ok!(pause());
		for _ in 0..3 {
			next_block_after(604_800);
		}
		for id in (1..=5).rev() {
			assert_ok!(prove(1, id));
		}
		next_block();
		assert_ok!(prove(RESCUER, 6));
		assert_ok!(prove(RESCUER, 7));
		for _ in 0..20 {
			next_block();
		}
		assert_eq!(positions(), [0, 7, 7, 7]);
		let length = time() - paused_at;
		assert_ok!(resume());
		finish();
		let all = settlements();
		println!(
			"attack 9: {} blocks proven in a pause of {length} s: {} of them paid, {} slashed",
			all.len(),
			all.iter().filter(|settled| settled.reward > 0).count(),
			tokens(all.iter().map(|settled| settled.slashed).sum()),
		);
		assert!(all.iter().all(|settled| settled.reward > 0 && settled.slashed == 0));
	});
}
