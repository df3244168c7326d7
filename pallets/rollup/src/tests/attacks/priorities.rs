// SPDX-License-Identifier: Apache-2.0

//! Attack 4: transactions that crowd proofs out, as far as priorities alone decide.

use super::*;
use crate::lane::MAX_OTHER_PRIORITY;

/// Transaction as it waits in the pool of an author.
struct Waiting {
	priority: u64,
	signer: AccountId,
	call: RuntimeCall,
}

fn waiting(signer: AccountId, tip: u64, call: RuntimeCall) -> Waiting {
	Waiting { priority: validate(signer, tip, &call).unwrap().priority, signer, call }
}

/// Takes the best transactions out of the pool and executes them. Returns those that were refused
/// or that failed.
fn author(pool: &mut Vec<Waiting>, room: usize) -> usize {
	pool.sort_by_key(|waiting| core::cmp::Reverse(waiting.priority));
	let best = pool.drain(..room.min(pool.len()));
	best.filter(|waiting| send(waiting.signer, waiting.call.clone()) != Ok(true))
		.count()
}

/// Remarks of strangers with the highest tip that there is.
fn crowd(transactions: u64) -> Vec<Waiting> {
	let remark = || RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
	(0..transactions)
		.map(|number| waiting(10_000 + number, u64::MAX, remark()))
		.collect()
}

#[test]
fn nine_hundred_proofs_due_at_once_enter_in_the_order_of_their_deadlines() {
	const DUE: u64 = 900;
	MaxUnsettledBlocks::set(1_024);
	MinProofWindow::set(5_400);
	run_with(vec![(1, 9_100_000, FEE as u16, 910)], || {
		for _ in 0..=DUE {
			propose();
		}
		while state().drawn <= DUE {
			next_block();
		}
		// Last ones first.
		let mut pool = crowd(1_000);
		for id in (2..=DUE + 1).rev() {
			pool.push(waiting(1, 0, proof_call(1, id, transition(id), true)));
		}
		let room = MaxDrawnPerBlock::get() as usize;
		let mut chain_blocks = 0;
		while (2..=DUE + 1).any(|id| stored(id).is_none()) {
			assert_eq!(author(&mut pool, room), 0);
			chain_blocks += 1;
			let done = (chain_blocks * room as u64).min(DUE);
			let first_left = deadline((done + 2).min(DUE + 1));
			let stored = (2..=DUE + 1).filter(|id| stored(*id).is_some());
			assert_eq!(stored.clone().count() as u64, done);
			assert!(stored.into_iter().all(|id| deadline(id) <= first_left));
			next_block();
		}
		println!(
			"attack 4: {DUE} proofs due at once against 1,000 tips of u64::MAX: {chain_blocks} \
			 chain blocks, {room} in each, the earliest deadlines first"
		);
		assert_eq!(chain_blocks, DUE.div_ceil(room as u64));
		// The crowd has got what the last chain block had to spare.
		assert_eq!(pool.len() as u64, 1_000 + DUE - chain_blocks * room as u64);
	});
}

/// In a chain block with room for three transactions, among a thousand others.
#[test]
fn override_proof_and_rescue_are_the_first_in_a_crowded_chain_block() {
	run_with(vec![(1, 60_000, FEE as u16, 5)], || {
		propose_and_draw(6);
		for id in 2..=5 {
			assert_ok!(prove(1, id));
		}
		let governance: RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
		let mut pool = crowd(1_000);
		pool.push(waiting(1, 0, proof_call(1, 1, transition(1), true)));
		pool.push(waiting(GOVERNOR, 0, governance));
		// The first chain block after the transactions were sent.
		let first = System::block_number();
		let passed = || System::block_number() - first + 1;
		assert_eq!(author(&mut pool, 2), 0);
		assert_eq!(positions()[1], 1);
		assert_eq!(pool.len(), 1_000);
		let proof_and_override = passed();
		// The open block can be rescued in the next chain block.
		next_block();
		assert_eq!(positions()[1], 5);
		pool.push(waiting(1, 0, proof_call(1, 6, transition(6), true)));
		assert_eq!(author(&mut pool, 1), 0);
		println!(
			"attack 4: against {} tips of u64::MAX, proof and override are in chain block \
			 {proof_and_override} after they were sent, and the rescue in chain block {}",
			pool.len(),
			passed(),
		);
		assert_eq!((positions()[1], pool.len()), (6, 1_000));
		assert_eq!((proof_and_override, passed()), (1, 2));
	});
}

/// Sends a replacement of each of these blocks' transitions with the highest tip, besides a crowd of
/// remarks. The victim's proof comes last, into a chain block with room for one transaction. The rest
/// follows. Returns the number of replacements and how many of them had priority.
fn replace_against(victim: u64, attacks: &[u64], round: u64) -> (usize, usize) {
	let replacement = |id: &u64| {
		let call = proof_call(1, *id, on(wrong(round), wrong(*id)), true);
		waiting(1, u64::MAX, call)
	};
	let mut pool: Vec<_> = attacks.iter().map(replacement).collect();
	let lanes = pool.iter().filter(|waiting| waiting.priority > MAX_OTHER_PRIORITY).count();
	pool.extend(crowd(100));
	pool.push(waiting(2, 0, proof_call(2, victim, transition(victim), true)));
	assert_eq!(author(&mut pool, 1), 0);
	assert_eq!(stored(victim).map(|stored| stored.prover), Some(Some(2)), "{victim} is kept out");
	events();
	assert_eq!(author(&mut pool, usize::MAX), 0);
	let stored = filter(|event| match event {
		Event::TransitionStored { block_id, .. } => Some(block_id),
		_ => None,
	});
	assert_eq!(stored.len(), attacks.len());
	(stored.len(), lanes)
}

#[test]
fn replacing_ones_own_transition_in_every_chain_block_keeps_no_other_proof_out() {
	run_with(vec![(1, 100_000, FEE as u16, 10), (2, 100_000, FEE as u16, 10)], || {
		propose_and_draw(8);
		propose_and_draw(8);
		let of = |who| (2..=16u64).filter(|id| assigned(*id) == Some(who)).collect::<Vec<_>>();
		let (attacks, victims) = (of(1), of(2));
		// The first of each block has priority.
		for id in &attacks {
			let call = proof_call(1, *id, on(wrong(99), wrong(*id)), true);
			assert!(waiting(1, 0, call.clone()).priority > MAX_OTHER_PRIORITY);
			assert_eq!(send(1, call), Ok(true));
		}
		let (mut paid, mut lanes) = (0, 0);
		for (round, victim) in victims.iter().enumerate() {
			let (replaced, with_priority) = replace_against(*victim, &attacks, round as u64);
			paid += replaced;
			lanes += with_priority;
			next_block();
		}
		println!(
			"attack 4: {paid} replacements of {} transitions for {:.2} tokens at the lowest fees, \
			 {lanes} with priority; {} of {} proofs of others enter the next chain block, which has \
			 room for one transaction",
			attacks.len(),
			tokens(paid as Balance * super::rewards_of_misses::fee_of_junk(10)),
			victims.iter().filter(|id| stored(**id).is_some()).count(),
			victims.len(),
		);
		assert_eq!(lanes, 0);
	});
}

/// A failing proof uses the lane of its own block, and no other.
#[test]
fn junk_of_an_assigned_prover_has_priority_once_for_each_of_its_blocks() {
	run(|| {
		propose_and_draw(8);
		let junk = |id| proof_call(1, id, transition(id), false);
		let (mut with_priority, mut calls) = (0, 0);
		for _ in 0..5 {
			for id in 2..=8 {
				with_priority += usize::from(waiting(1, 0, junk(id)).priority > MAX_OTHER_PRIORITY);
				assert!(!execute(1, junk(id)));
				calls += 1;
			}
			next_block();
		}
		println!(
			"attack 4: {calls} junk proofs of a prover at full fee, {with_priority} with priority"
		);
		assert_eq!(with_priority, 7);
	});
}

/// Answers of the transaction pool to junk.
#[derive(Default)]
struct Answers {
	refused: usize,
	without_priority: usize,
	with_priority: usize,
}

impl Answers {
	/// Validates junk of a signer for a block, in the name of each of `provers`.
	fn add(&mut self, signer: AccountId, id: u64, provers: &[AccountId]) {
		for prover in provers {
			match validate(signer, u64::MAX, &proof_call(*prover, id, next_or(id), false)) {
				Err(_) => self.refused += 1,
				Ok(validity) if validity.priority > MAX_OTHER_PRIORITY => self.with_priority += 1,
				Ok(_) => self.without_priority += 1,
			}
		}
	}
}

/// Returns a transition of a block that passes all checks before its proof.
fn next_or(id: u64) -> crate::Transition {
	if id == state().next() {
		next_transition()
	} else {
		transition(id)
	}
}

/// Operator of a prover of this test.
fn operator_of(who: AccountId) -> AccountId {
	who + 1_000
}

/// Strangers to a block: a member that was not drawn for it, one that left the pool, and others. Members
/// and leavers name operators, which the pool refuses to others.
#[test]
fn junk_of_strangers_and_of_their_operators_never_has_priority() {
	let members = [1, 2, 3].map(|who| (who, 60_000, FEE as u16, 5)).to_vec();
	run_with(members, || {
		pass(60);
		assert_ok!(ProverPool::exit(RuntimeOrigin::signed(3)));
		let named = [1, 2, 3, 100].map(|who| {
			let operator = Some(operator_of(who));
			ProverPool::set_operator(RuntimeOrigin::signed(who), operator).is_ok()
		});
		assert_eq!(named, [true, true, true, false]);
		// Ten of them are assigned, the last one is open.
		propose_and_draw(8);
		propose_and_draw(3);
		let (mut own, mut others) = (Answers::default(), Answers::default());
		let mut ask = |id| {
			for who in [1, 2, 3, 100] {
				// The members have priority for the open block, once each.
				let is_own = assigned(id) == Some(who) || (id == 11 && who < 3);
				let answers = if is_own { &mut own } else { &mut others };
				let named = [1, 2, 3, 100, operator_of(who)];
				answers.add(who, id, &named);
				answers.add(operator_of(who), id, &named);
			}
		};
		// Each block while it waits for earlier ones, and as the next one.
		(1..=11).for_each(&mut ask);
		for id in 1..=10 {
			ask(id);
			assert_ok!(prove(assigned(id).unwrap(), id));
		}
		ask(11);
		println!(
			"attack 4: {} junk proofs of strangers and of their operators refused, {} without \
			 priority, {} with it; of assigned provers, members and their operators {} with it",
			others.refused, others.without_priority, others.with_priority, own.with_priority,
		);
		assert_eq!((others.with_priority, own.with_priority), (0, 2 * (10 + 10 + 2)));
		assert!(others.without_priority > 0);
	});
}

/// Each member has one lane proof of an open block, and one chain block can take those of several
/// members. Here it has room for one transaction, so each attacker delays the rescue by one.
#[test]
fn junk_of_members_delays_the_rescue_of_a_block_by_a_chain_block_each() {
	for attackers in [1, 3, 7] {
		let members = (1..=attackers + 1).map(|who| (who, 60_000, FEE as u16, 5)).collect();
		run_with(members, || {
			// All capacity is taken, so the last block is open and next.
			let open = 5 * (attackers + 1) + 1;
			while state().proposed < open {
				propose();
			}
			while state().drawn < open {
				next_block();
			}
			while state().next() < open {
				prove_next();
			}
			let rescuer = attackers + 1;
			let mut chain_blocks = 0;
			while state().proven < open {
				// The attackers are faster, in chain blocks with room for one transaction.
				let candidates: Vec<_> = (1..=rescuer)
					.map(|who| {
						waiting(who, 0, proof_call(who, open, transition(open), who == rescuer))
					})
					.filter(|waiting| waiting.priority > MAX_OTHER_PRIORITY)
					.collect();
				author(&mut candidates.into_iter().chain(crowd(10)).collect(), 1);
				chain_blocks += 1;
				next_block();
			}
			println!(
				"attack 4: junk of {attackers} members for an open block in full chain blocks: \
				 rescued in chain block {chain_blocks}, each of them paid {} tokens at the lowest \
				 fees",
				tokens(super::rewards_of_misses::fee_of_junk(10)),
			);
			assert_eq!(chain_blocks, attackers + 1);
		});
	}
}
