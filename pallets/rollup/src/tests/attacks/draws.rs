// SPDX-License-Identifier: Apache-2.0

//! Attack 6: draws that somebody sees, repeats, undoes or steers.

use super::*;
use codec::Encode as _;
use frame_support::{
	storage::{with_transaction_unchecked, TransactionOutcome},
	traits::Randomness as _,
};
use pallet_prover_pool::Prover;
use proptest::prelude::*;
use sp_core::U256;

/// Seed, and the chain block that first carried it.
#[derive(Clone, Copy, Default, Debug)]
struct RelaySeed {
	value: u64,
	known_since: u64,
}

/// Seeds of a relay chain that numbers them, as the tests' chain knows them.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Relay {
	newest: RelaySeed,
	older: RelaySeed,
}

/// Chain block, by what it brings.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Carries {
	/// A new relay block with a seed.
	Seed,
	/// The relay block of the chain block before.
	NoSeed,
	/// A new seed, and no weight for `on_poll`.
	SeedWithoutWeight,
}

impl Relay {
	/// Ends the chain block and begins the next. Checks all draws in it.
	pub(super) fn next(&mut self, carries: Carries) {
		let chain_block = System::block_number() + 1;
		end_block();
		if carries == Carries::NoSeed {
			SeedAge::set(None);
		} else {
			let value = self.newest.value + 1;
			self.older =
				core::mem::replace(&mut self.newest, RelaySeed { value, known_since: chain_block });
			let has_two = self.older.known_since > 0;
			SeedAge::set(has_two.then(|| chain_block - self.older.known_since));
			Seed::set(self.newest.value * 1_000_000 + self.older.value);
		}
		let limit =
			if carries == Carries::SeedWithoutWeight { Weight::zero() } else { Weight::MAX };
		let pool = pool_before_the_draw();
		let drawn = state().drawn;
		begin_block_with(time() + BLOCK, limit);
		assert!(carries == Carries::Seed || state().drawn == drawn, "a draw without a seed");
		self.check_draws(drawn + 1, pool);
	}

	/// Checks that the draws from `first` on depend on both seeds, which came after the proposals,
	/// and on the pool as it was before this chain block, and on nothing else.
	fn check_draws(&self, first: u64, mut pool: Vec<(AccountId, Prover)>) {
		let random = SubjectHash::random(b"prover-pool").0;
		for id in first..=state().drawn {
			let block = block(id).unwrap();
			assert_eq!(self.newest.known_since, System::block_number());
			assert!(self.older.known_since > block.proposed_in, "block {id} could be foreseen");
			let ticket = sp_io::hashing::blake2_256(&(random, id).encode());
			assert_eq!(assigned(id), choose(&mut pool, block.fee_per_gas, ticket), "block {id}");
		}
	}
}

/// Returns the pool as a draw in the next chain block finds it: settlement and releases come first.
fn pool_before_the_draw() -> Vec<(AccountId, Prover)> {
	let seed = SeedAge::get();
	SeedAge::set(None);
	let pool = with_transaction_unchecked(|| {
		begin_block(time() + BLOCK);
		TransactionOutcome::Rollback(ProverPool::provers())
	});
	SeedAge::set(seed);
	pool.into_iter().map(|(_, who, prover)| (who, prover)).collect()
}

/// Draws by weight, as the pool's rules 17 to 19 say, and takes a unit of capacity.
fn choose(pool: &mut [(AccountId, Prover)], fee: u32, ticket: [u8; 32]) -> Option<AccountId> {
	let weights: Vec<_> = pool.iter().map(|(_, prover)| weight_of(prover, fee)).collect();
	let total: u128 = weights.iter().sum();
	let mut ticket = U256::from_big_endian(&ticket).checked_rem(total.into())?.as_u128();
	for ((who, prover), weight) in pool.iter_mut().zip(weights) {
		if ticket < weight {
			prover.current_capacity -= 1;
			return Some(*who);
		}
		ticket -= weight;
	}
	None
}

fn weight_of(prover: &Prover, fee: u32) -> u128 {
	let reward = u32::from(prover.reward_per_gas).clamp((fee * 3).div_ceil(4), fee * 5 / 4);
	let [stake, capacity, fee, reward] =
		[prover.staked_amount, prover.current_capacity.into(), fee, reward].map(u128::from);
	stake * capacity * fee * fee / reward / reward
}

/// Call of a proposer or a prover, in the order that a collator likes.
#[derive(Clone, Debug)]
enum Action {
	Propose { who: AccountId, gas_limit: u32 },
	Stake { who: AccountId, per_capacity: u32, price: u16, capacity: u16 },
	Exit { who: AccountId },
	Prove { block: u64, is_true: bool },
}

fn actions() -> impl Strategy<Value = Action> {
	prop_oneof![
		4 => (50..54u64, 1..GAS).prop_map(|(who, gas_limit)| Action::Propose { who, gas_limit }),
		2 => (1..9u64, 10_000..30_000u32, 50..200u16, 5..9u16).prop_map(
			|(who, per_capacity, price, capacity)| {
				Action::Stake { who, per_capacity, price, capacity }
			}
		),
		1 => (1..9u64).prop_map(|who| Action::Exit { who }),
		3 => (1..9u64, any::<bool>()).prop_map(|(block, is_true)| Action::Prove { block, is_true }),
	]
}

fn chain_blocks() -> impl Strategy<Value = (Carries, Vec<Action>)> {
	let carries = prop_oneof![
		4 => Just(Carries::Seed),
		3 => Just(Carries::NoSeed),
		1 => Just(Carries::SeedWithoutWeight)
	];
	(carries, prop::collection::vec(actions(), 0..8))
}

fn apply(action: Action) {
	match action {
		Action::Propose { who, gas_limit } => drop(propose_as(who, gas_limit, u32::MAX)),
		Action::Stake { who, per_capacity, price, capacity } => {
			let amount = per_capacity * u32::from(capacity);
			let _ = with_storage_layer(|| {
				ProverPool::stake(RuntimeOrigin::signed(who), amount, price, capacity)
			});
		},
		Action::Exit { who } => {
			let _ = with_storage_layer(|| ProverPool::exit(RuntimeOrigin::signed(who)));
		},
		Action::Prove { block: ahead, is_true } => {
			let id = state().proven + ahead;
			let Some(block) = block(id) else { return };
			let prover = block.assignment().map_or(RESCUER, |assigned| assigned.prover);
			let parent = if id == state().next() { state().proven_root } else { root(id - 1) };
			let parent = if is_true { parent } else { wrong(id) };
			let transition = Transition { gas_used: block.gas_limit / 2, ..on(parent, root(id)) };
			let _ = prove_as(prover, prover, id, transition);
		},
	}
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

	/// Batches, waits, dummy proposals, exits, stakes, replacements, releases and price changes, in
	/// chain blocks of all kinds. Each draw is by seeds that no one knew at the proposal. The newer
	/// one was unknown before the chain block of the draw, where no transaction comes before it.
	#[test]
	fn no_sequence_of_calls_changes_a_draw_by_what_is_known(
		blocks in prop::collection::vec(chain_blocks(), 1..40)
	) {
		MinChangeDelay::set(0);
		// A larger stake replaces the smallest.
		MaxProvers::set(4);
		let calls: usize = blocks.iter().map(|(_, actions)| actions.len()).sum();
		let chain_blocks = blocks.len();
		let mut draws = BTreeMap::new();
		run_with(vec![(1, 100_000, 90, 8), (2, 60_000, 110, 5)], || {
			let mut relay = Relay::default();
			SeedAge::set(None);
			for (carries, actions) in blocks {
				relay.next(carries);
				for id in state().settled + 1..=state().drawn {
					let first = *draws.entry(id).or_insert(assigned(id));
					assert_eq!(assigned(id), first, "block {id} was drawn again");
				}
				for action in actions {
					apply(action);
				}
			}
			let settled = state().settled;
			let changed = draws.iter().filter(|(id, first)| **id > settled && assigned(**id) != **first);
			println!(
				"attack 6: {calls} calls in {chain_blocks} chain blocks, {} draws, {} of them changed",
				draws.len(),
				changed.count(),
			);
			SeedAge::set(Some(0));
		});
	}
}

/// Starts with both seeds known.
pub(super) fn with_seeds(provers: Vec<(AccountId, u32, u16, u16)>, test: impl FnOnce(&mut Relay)) {
	run_with(provers, || {
		let mut relay = Relay::default();
		SeedAge::set(None);
		relay.next(Carries::Seed);
		relay.next(Carries::Seed);
		test(&mut relay);
	});
}

/// Draws of the attacker's prover, and the cost of its proposals.
#[derive(Default)]
struct Dummies {
	/// Rounds in which the known seeds would have drawn it.
	foreseen: u64,
	/// Rounds in which it was drawn.
	hits: u64,
	proposals: u64,
	/// Rewards that the attacker paid.
	rewards: Balance,
}

/// Rounds of an attacker that knows all seeds so far and chooses among five numbers of dummy
/// proposals before its own block.
fn rounds_of_dummies(rounds: u64) -> Dummies {
	let mut result = Dummies::default();
	MaxDrawnPerBlock::set(16);
	MaxUnsettledBlocks::set(256);
	let provers = [1, 2, 3, 4].map(|who| (who, 1_000_000, FEE as u16, 100)).to_vec();
	with_seeds(provers, |relay| {
		for _ in 0..rounds {
			let wanted = |dummies: u64| {
				let id = state().proposed + 1 + dummies;
				let random = SubjectHash::random(b"prover-pool").0;
				let ticket = sp_io::hashing::blake2_256(&(random, id).encode());
				choose(&mut pool_before_the_draw(), FEE, ticket) == Some(1)
			};
			let dummies = (0..5).find(|dummies| wanted(*dummies));
			result.foreseen += u64::from(dummies.is_some());
			for _ in 0..=dummies.unwrap_or_default() {
				propose();
			}
			let target = state().proposed;
			relay.next(Carries::Seed);
			relay.next(Carries::Seed);
			result.hits += u64::from(assigned(target) == Some(1));
			while can_prove_next() {
				prove_next();
			}
		}
		finish();
		result.proposals = state().proposed;
		result.rewards = ENDOWMENT - free(PROPOSER);
	});
	result
}

#[test]
fn an_attacker_that_knows_all_seeds_so_far_is_drawn_by_its_weight() {
	let rounds = 1_000;
	let Dummies { foreseen, hits, proposals, rewards } = rounds_of_dummies(rounds);
	let fees = Balance::from(proposals) * super::rewards_of_misses::fee_of_proposal(10);
	println!(
		"attack 6: a quarter of the weight, {rounds} blocks, a draw chosen by the known seeds in \
		 {foreseen} of them: drawn for {hits}; {} dummy proposals, for all {:.1} tokens of fees at the \
		 lowest and {:.2} tokens of rewards",
		proposals - rounds,
		tokens(fees),
		tokens(rewards),
	);
	assert!(foreseen > rounds / 2);
	// The seeds of the test are fixed: three standard deviations around a quarter.
	assert!(hits.abs_diff(rounds / 4) <= 3 * 14, "{hits}");
}

#[test]
fn two_chain_blocks_on_one_relay_block_draw_once() {
	with_seeds(vec![(1, 600_000, 90, 60)], |relay| {
		for _ in 0..20 {
			propose();
		}
		let mut drawn = vec![];
		for carries in [
			Carries::Seed,
			Carries::NoSeed,
			Carries::Seed,
			Carries::NoSeed,
			Carries::Seed,
			Carries::NoSeed,
			Carries::Seed,
		] {
			relay.next(carries);
			drawn.push(state().drawn);
		}
		println!(
			"attack 6: 20 proposals, two chain blocks a relay block, 8 draws a seed: {drawn:?}"
		);
		assert_eq!(drawn, [0, 0, 8, 8, 16, 16, 20]);
	});
}

#[test]
fn three_chain_blocks_on_one_relay_block_draw_once() {
	with_seeds(vec![(1, 600_000, 90, 60)], |relay| {
		let mut waited = BTreeMap::new();
		for round in 0..8 {
			for carries in [Carries::Seed, Carries::NoSeed, Carries::NoSeed] {
				relay.next(carries);
				if round < 5 {
					propose();
				}
				for id in state().settled + 1..=state().drawn {
					let since = System::block_number() - block(id).unwrap().proposed_in;
					waited.entry(id).or_insert(since);
				}
			}
		}
		let (least, most) = (waited.values().min().unwrap(), waited.values().max().unwrap());
		println!(
			"attack 6: three chain blocks a relay block: drawn after {least} to {most} chain blocks"
		);
		// A proposal in a chain block with a seed waits for two others.
		assert_eq!((waited.len(), *least, *most), (15, 4, 6));
	});
}

#[test]
fn a_chain_block_without_weight_for_on_poll_leaves_the_draws_to_the_next_seed() {
	with_seeds(vec![(1, 600_000, 90, 60)], |relay| {
		propose();
		relay.next(Carries::Seed);
		relay.next(Carries::SeedWithoutWeight);
		let without_weight = System::block_number();
		// Its seed is no use any more once transactions have seen it.
		relay.next(Carries::NoSeed);
		assert_eq!(state().drawn, 0);
		relay.next(Carries::Seed);
		assert_eq!(state().drawn, 1);
		println!(
			"attack 6: a chain block without weight for on_poll: the draw is {} s late",
			(System::block_number() - without_weight) * BLOCK,
		);
	});
}

#[test]
fn a_pool_that_was_emptied_after_the_proposal_opens_the_block_at_no_more_than_a_member_earns() {
	with_seeds(vec![(1, 600_000, 200, 60), (2, 600_000, 200, 60)], |relay| {
		pass(60);
		relay.next(Carries::Seed);
		propose();
		for who in [1, 2] {
			assert_ok!(ProverPool::exit(RuntimeOrigin::signed(who)));
		}
		relay.next(Carries::Seed);
		relay.next(Carries::Seed);
		let open = block(1).unwrap();
		assert_eq!((open.phase, open.reward_per_gas), (Phase::Open, MAX_PRICE));
		// The dearest member is paid as much.
		assert_ok!(ProverPool::stake(RuntimeOrigin::signed(1), 600_000, 200, 60));
		propose();
		relay.next(Carries::Seed);
		relay.next(Carries::Seed);
		let dearest = block(2).unwrap().reward_per_gas;
		println!(
			"attack 6: a pool emptied by 2 exits after the proposal: the block is open at {} a gas, \
			 and the dearest member earns {dearest}",
			open.reward_per_gas,
		);
		assert_eq!(dearest, MAX_PRICE);
	});
}

/// A collator orders the transactions, and leaves out what it likes. It can choose the number of a
/// block, and not its draw.
#[test]
fn a_collator_that_orders_proposals_chooses_numbers_and_no_draws() {
	let provers = vec![(1, 600_000, 90, 60), (2, 600_000, 90, 60), (3, 600_000, 90, 60)];
	let mut outcomes = BTreeMap::new();
	for order in [[50, 51, 52], [52, 51, 50], [51, 50, 52]] {
		with_seeds(provers.clone(), |relay| {
			for who in order {
				assert_ok!(propose_as(who, GAS, u32::MAX));
			}
			assert!((1..=3).all(|id| block(id).unwrap().phase == Phase::Undrawn));
			relay.next(Carries::Seed);
			relay.next(Carries::Seed);
			outcomes.insert(order, [1, 2, 3].map(|id| assigned(id).unwrap()));
		});
	}
	// The draw is that of the number, of whichever proposer.
	let draws: Vec<_> = outcomes.values().collect();
	println!(
		"attack 6: {} orders of {} proposals: {} of the draws differ from those of the first",
		draws.len(),
		draws[0].len(),
		draws.iter().filter(|drawn| **drawn != draws[0]).count(),
	);
	assert!(draws.windows(2).all(|pair| pair[0] == pair[1]), "{outcomes:?}");
}
