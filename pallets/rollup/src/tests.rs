// SPDX-License-Identifier: Apache-2.0

use crate::{mock::*, BlockState, Error, Event, HoldReason, RollupProgress, Statement};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

mod random_runs;

/// The reward of the tests' blocks at a price of `FEE`.
const REWARD: Balance = FEE as Balance * GAS as Balance;

mod propose {
	use super::*;

	#[test]
	fn the_pool_draws_a_prover_and_the_proposer_holds_its_reward() {
		run(|| {
			assert_eq!(propose(7), 1);
			let payload_hash = sp_io::hashing::blake2_256(&[7]).into();
			let block = block(1).unwrap();
			assert_eq!(block.proposer, PROPOSER);
			assert_eq!(block.payload_hash, payload_hash);
			assert_eq!(block.proposed_in, 1);
			assert_eq!(block.reward, REWARD);
			assert_eq!(
				block.state,
				BlockState::Assigned {
					prover: 1,
					closes_at: START + WINDOW
				}
			);
			assert_eq!(held(PROPOSER), REWARD);
			assert_eq!(outstanding(1), 1);
			assert_eq!(
				events(),
				vec![Event::BlockProposed {
					block_id: 1,
					proposer: PROPOSER,
					payload_hash,
					assigned: Some(1),
					reward_per_gas: FEE,
					closes_at: Some(START + WINDOW),
				}]
			);
		});
	}

	#[test]
	fn a_block_is_open_when_the_pool_is_empty() {
		run_with(vec![], || {
			propose(7);
			assert_eq!(
				block(1).unwrap().state,
				BlockState::Open { missed_by: None }
			);
			assert_eq!(held(PROPOSER), REWARD);
			assert_ok!(prove(9, 1));
		});
	}

	#[test]
	fn a_block_is_open_when_no_capacity_is_left() {
		run(|| {
			for byte in 0..10 {
				propose(byte);
			}
			assert_eq!(outstanding(1), 10);
			let id = propose(10);
			assert_eq!(
				block(id).unwrap().state,
				BlockState::Open { missed_by: None }
			);
			assert_eq!(outstanding(1), 10);
		});
	}

	#[test]
	fn the_gas_limit_has_bounds() {
		run(|| {
			assert_noop!(try_propose(&[], 0), Error::<Test>::InvalidGasLimit);
			assert_noop!(try_propose(&[], 30_000_001), Error::<Test>::InvalidGasLimit);
			assert_ok!(try_propose(&[], 1));
			assert_ok!(try_propose(&[], 30_000_000));
		});
	}

	#[test]
	fn unsettled_blocks_are_bounded() {
		run(|| {
			MaxUnsettledBlocks::set(2);
			propose(1);
			propose(2);
			assert_noop!(
				try_propose(&[3], GAS),
				Error::<Test>::TooManyUnsettledBlocks
			);
			assert_ok!(prove(1, 1));
			// Proven is not settled yet.
			assert_noop!(
				try_propose(&[3], GAS),
				Error::<Test>::TooManyUnsettledBlocks
			);
			next_block(BLOCK);
			assert_ok!(try_propose(&[3], GAS));
		});
	}

	#[test]
	fn a_proposer_without_the_reward_changes_nothing() {
		run(|| {
			// All but the existential deposit, and one unit less than the reward.
			let spare = free(PROPOSER) - TOKEN / 100 - REWARD + 1;
			assert_ok!(Balances::transfer_allow_death(
				RuntimeOrigin::signed(PROPOSER),
				60,
				spare
			));
			assert_noop!(try_propose(&[1], GAS), TokenError::FundsUnavailable);
			assert_eq!(outstanding(1), 0);
			assert_ok!(Balances::transfer_allow_death(
				RuntimeOrigin::signed(60),
				PROPOSER,
				1
			));
			assert_ok!(try_propose(&[1], GAS));
		});
	}

	#[test]
	fn windows_close_in_the_order_of_the_blocks() {
		run(|| {
			propose(1);
			ProofWindow::set(WINDOW / 2);
			propose(2);
			let closes_at = START + WINDOW;
			assert_eq!(
				block(2).unwrap().state,
				BlockState::Assigned {
					prover: 1,
					closes_at
				}
			);
		});
	}

	#[test]
	fn the_largest_reward_is_exact() {
		run_with(vec![], || {
			FeePerGas::set(u32::MAX);
			assert_ok!(try_propose(&[], 30_000_000));
			assert_eq!(held(PROPOSER), 4_294_967_295 * 30_000_000);
		});
	}

	#[test]
	fn a_window_is_bounded_whatever_governance_says() {
		run(|| {
			for absurd in [9 * WINDOW + 1, u64::MAX / 2, u64::MAX] {
				ProofWindow::set(absurd);
				let id = propose(1);
				let closes_at = START + 9 * WINDOW;
				assert_eq!(
					block(id).unwrap().state,
					BlockState::Assigned {
						prover: 1,
						closes_at
					}
				);
			}
		});
	}

	#[test]
	fn a_shorter_window_counts_as_soon_as_no_longer_one_is_open() {
		run(|| {
			ProofWindow::set(u64::MAX);
			propose(1);
			ProofWindow::set(WINDOW);
			propose(2);
			let closes_at = START + 9 * WINDOW;
			assert_eq!(
				block(2).unwrap().state,
				BlockState::Assigned {
					prover: 1,
					closes_at
				}
			);
			assert_ok!(prove(1, 1));
			assert_ok!(prove(1, 2));
			next_block(BLOCK);
			propose(3);
			let closes_at = START + BLOCK + WINDOW;
			assert_eq!(
				block(3).unwrap().state,
				BlockState::Assigned {
					prover: 1,
					closes_at
				}
			);
		});
	}
}

mod prove {
	use super::*;

	#[test]
	fn inside_its_window_the_drawn_prover_alone_proves() {
		run(|| {
			propose(1);
			assert_noop!(prove(2, 1), Error::<Test>::NotAssigned);
			next_block(WINDOW);
			// The last second of the window.
			assert_eq!(now(), START + WINDOW);
			assert_noop!(prove(2, 1), Error::<Test>::NotAssigned);
			events();
			assert_ok!(prove(1, 1));
			assert_eq!(
				events(),
				vec![Event::BlockProven {
					block_id: 1,
					prover: 1
				}]
			);
			assert_eq!(outstanding(1), 0);
		});
	}

	#[test]
	fn after_the_window_anyone_proves_and_the_miss_is_slashed_first() {
		run(|| {
			propose(1);
			next_block(WINDOW + 1);
			// The hook has seen the time of the parent block only.
			assert!(matches!(
				block(1).unwrap().state,
				BlockState::Assigned { .. }
			));
			let issuance = Balances::total_issuance();
			events();
			assert_ok!(prove(2, 1));
			assert_eq!(
				events(),
				vec![
					Event::WindowClosed {
						block_id: 1,
						missed_by: 1
					},
					Event::BlockProven {
						block_id: 1,
						prover: 2
					},
				]
			);
			// 0.25 % of 100,000 tokens, burnt.
			assert_eq!(Balances::total_issuance(), issuance - 250 * TOKEN);
			assert_eq!(outstanding(1), 0);
			// It is not slashed once more.
			next_block(BLOCK);
			assert_eq!(Balances::total_issuance(), issuance - 250 * TOKEN);
		});
	}

	#[test]
	fn a_late_prover_is_slashed_though_it_proves() {
		run(|| {
			propose(1);
			next_block(WINDOW + 1);
			let issuance = Balances::total_issuance();
			assert_ok!(prove(1, 1));
			assert_eq!(Balances::total_issuance(), issuance - 250 * TOKEN);
			assert_eq!(outstanding(1), 0);
		});
	}

	#[test]
	fn a_bad_proof_changes_nothing() {
		run(|| {
			propose(1);
			let right = Statement {
				block_id: 1,
				payload_hash: block(1).unwrap().payload_hash,
				prover: 1u64,
			}
			.encode();
			for byte in 0..right.len() {
				let mut wrong = right.clone();
				wrong[byte] ^= 1;
				assert_noop!(prove_with(1, 1, wrong), Error::<Test>::InvalidProof);
			}
			assert_noop!(prove_with(1, 1, vec![]), Error::<Test>::InvalidProof);
			assert_ok!(prove_with(1, 1, right));
		});
	}

	#[test]
	fn a_bad_proof_after_the_window_leaves_the_slash_to_the_hook() {
		run(|| {
			propose(1);
			next_block(WINDOW + 1);
			let issuance = Balances::total_issuance();
			assert_noop!(prove_with(2, 1, vec![]), Error::<Test>::InvalidProof);
			assert_eq!(Balances::total_issuance(), issuance);
			next_block(BLOCK);
			assert_eq!(Balances::total_issuance(), issuance - 250 * TOKEN);
		});
	}

	#[test]
	fn a_proof_that_is_taken_costs_no_fee() {
		run(|| {
			use frame_support::pallet_prelude::Pays;
			propose(1);
			let payload_hash = block(1).unwrap().payload_hash;
			let proof = Statement {
				block_id: 1,
				payload_hash,
				prover: 1u64,
			}
			.encode();
			let prove = |proof: Vec<u8>| {
				Rollup::prove_block(RuntimeOrigin::signed(1), 1, proof.try_into().unwrap())
			};
			assert_eq!(prove(vec![]).unwrap_err().post_info.pays_fee, Pays::Yes);
			assert_eq!(prove(proof).unwrap().pays_fee, Pays::No);
		});
	}

	#[test]
	fn a_block_is_proven_once() {
		run(|| {
			propose(1);
			propose(2);
			assert_ok!(prove(1, 2));
			assert_noop!(prove(1, 2), Error::<Test>::AlreadyProven);
			assert_eq!(outstanding(1), 1);
		});
	}

	#[test]
	fn unknown_blocks_are_told() {
		run(|| {
			assert_noop!(prove(1, 0), Error::<Test>::UnknownBlock);
			assert_noop!(prove(1, 1), Error::<Test>::UnknownBlock);
			propose(1);
			assert_ok!(prove(1, 1));
			next_block(BLOCK);
			assert_noop!(prove(1, 1), Error::<Test>::UnknownBlock);
			assert_noop!(prove(1, u64::MAX), Error::<Test>::UnknownBlock);
		});
	}
}

mod miss {
	use super::*;

	#[test]
	fn the_chain_slashes_and_opens_the_block_by_itself() {
		run(|| {
			propose(1);
			let issuance = Balances::total_issuance();
			next_block(WINDOW);
			next_block(1);
			assert_eq!(now(), START + WINDOW + 1);
			assert_eq!(Balances::total_issuance(), issuance);
			events();
			next_block(BLOCK);
			assert_eq!(
				events(),
				vec![Event::WindowClosed {
					block_id: 1,
					missed_by: 1
				}]
			);
			assert_eq!(
				block(1).unwrap().state,
				BlockState::Open { missed_by: Some(1) }
			);
			assert_eq!(Balances::total_issuance(), issuance - 250 * TOKEN);
			// The capacity comes back with the proof, not before.
			assert_eq!(outstanding(1), 1);
			assert_ok!(prove(2, 1));
			assert_eq!(outstanding(1), 0);
		});
	}

	#[test]
	fn more_than_the_bound_wait_for_the_next_block_in_order() {
		run(|| {
			MaxClosedPerBlock::set(2);
			for byte in 0..5 {
				propose(byte);
			}
			next_block(WINDOW + 1);
			for expected in [vec![1, 2], vec![3, 4], vec![5], vec![]] {
				events();
				next_block(BLOCK);
				let closed: Vec<_> = events()
					.into_iter()
					.map(|event| match event {
						Event::WindowClosed { block_id, .. } => block_id,
						other => panic!("{other:?}"),
					})
					.collect();
				assert_eq!(closed, expected);
			}
		});
	}

	#[test]
	fn proven_settled_and_open_blocks_are_passed_over() {
		run(|| {
			for byte in 0..11 {
				propose(byte);
			}
			// 1 and 2 settled, 4 proven, 11 open from the start.
			assert_ok!(prove(1, 1));
			assert_ok!(prove(1, 2));
			assert_ok!(prove(1, 4));
			next_block(WINDOW + 1);
			events();
			next_block(BLOCK);
			next_block(BLOCK);
			let missed: Vec<_> = events()
				.into_iter()
				.filter_map(|event| match event {
					Event::WindowClosed { block_id, .. } => Some(block_id),
					_ => None,
				})
				.collect();
			assert_eq!(missed, vec![3, 5, 6, 7, 8, 9, 10]);
			assert_eq!(RollupProgress::<Test>::get().closed, 11);
		});
	}

	#[test]
	fn a_slash_may_eject_the_prover_and_its_blocks_stay_its_own() {
		run_with(vec![(1, 50_000, 10, 5)], || {
			// The price counts as 75 % of the fee, so a block brings 9,000 tokens, and a miss costs
			// four times as much: the first ejects, the second takes the rest.
			FeePerGas::set(400_000_000);
			for _ in 0..5 {
				assert_ok!(try_propose(&[0], 30_000_000));
			}
			next_block(WINDOW + 1);
			next_block(BLOCK);
			let (staker, _) = ProverPool::get_staker(1);
			assert_eq!(
				(staker.prover_id, staker.exit_amount, staker.backlog),
				(None, 0, 5)
			);
			for id in 1..=5 {
				assert_ok!(prove(2, id));
			}
			assert_eq!(outstanding(1), 0);
		});
	}
}

mod settle {
	use super::*;

	#[test]
	fn blocks_settle_in_order_and_pay_their_provers() {
		run(|| {
			let before = free(1);
			propose(1);
			propose(2);
			assert_ok!(prove(1, 2));
			next_block(BLOCK);
			assert_eq!(RollupProgress::<Test>::get().settled, 0);
			assert_eq!(free(1), before);

			assert_ok!(prove(1, 1));
			events();
			next_block(BLOCK);
			assert_eq!(
				events(),
				vec![
					Event::BlockSettled {
						block_id: 1,
						prover: 1,
						reward: REWARD
					},
					Event::BlockSettled {
						block_id: 2,
						prover: 1,
						reward: REWARD
					},
				]
			);
			assert_eq!(free(1), before + 2 * REWARD);
			assert_eq!(held(PROPOSER), 0);
			assert_eq!(block(1), None);
		});
	}

	#[test]
	fn more_than_the_bound_wait_for_the_next_block() {
		run(|| {
			MaxSettledPerBlock::set(2);
			for byte in 0..3 {
				let id = propose(byte);
				assert_ok!(prove(1, id));
			}
			next_block(BLOCK);
			assert_eq!(RollupProgress::<Test>::get().settled, 2);
			next_block(BLOCK);
			assert_eq!(RollupProgress::<Test>::get().settled, 3);
		});
	}

	#[test]
	fn a_rescuer_is_paid_not_the_prover_that_missed() {
		run(|| {
			propose(1);
			next_block(WINDOW + 1);
			next_block(BLOCK);
			let (missed, rescuer) = (free(1), free(2));
			assert_ok!(prove(2, 1));
			next_block(BLOCK);
			assert_eq!(free(1), missed);
			assert_eq!(free(2), rescuer + REWARD);
		});
	}

	#[test]
	fn a_prover_that_cannot_be_paid_does_not_stop_the_settlement() {
		run(|| {
			propose(1);
			let nobody = 1_000;
			next_block(WINDOW + 1);
			next_block(BLOCK);
			// Its account does not exist, and the reward is below the existential deposit.
			assert_ok!(prove(nobody, 1));
			let before = free(PROPOSER);
			events();
			next_block(BLOCK);
			assert_eq!(
				events(),
				vec![Event::BlockSettled {
					block_id: 1,
					prover: nobody,
					reward: 0
				}]
			);
			assert_eq!(free(PROPOSER), before + REWARD);
			assert_eq!(held(PROPOSER), 0);
		});
	}

	#[test]
	fn a_frozen_proposer_pays_all_the_same() {
		use frame_support::traits::{LockableCurrency, WithdrawReasons};
		run(|| {
			let all = free(PROPOSER);
			Balances::set_lock(*b"vesting ", &PROPOSER, all, WithdrawReasons::all());
			propose(1);
			assert_ok!(prove(1, 1));
			let before = free(1);
			next_block(BLOCK);
			assert_eq!(free(1), before + REWARD);
			assert_eq!(held(PROPOSER), 0);
		});
	}

	#[test]
	fn nothing_is_minted() {
		run(|| {
			let issuance = Balances::total_issuance();
			for byte in 0..3 {
				let id = propose(byte);
				assert_ok!(prove(1, id));
			}
			next_block(BLOCK);
			assert_eq!(Balances::total_issuance(), issuance);
		});
	}
}

#[test]
fn pending_blocks_are_those_that_the_prover_alone_may_prove() {
	run(|| {
		for byte in 0..3 {
			propose(byte);
		}
		assert_ok!(prove(1, 2));
		assert_eq!(Rollup::pending_blocks(1), vec![1, 3]);
		assert_eq!(Rollup::pending_blocks(2), Vec::<u64>::new());
		next_block(WINDOW + 1);
		assert_eq!(Rollup::pending_blocks(1), Vec::<u64>::new());
	});
}

#[test]
fn the_hook_charges_for_what_it_did() {
	use crate::weights::WeightInfo as _;
	use frame_support::traits::Hooks;
	use prover_pool_primitives::ProverPool as _;
	type Weights = <Test as crate::Config>::WeightInfo;
	run(|| {
		let idle = Weights::advance();
		assert_eq!(Rollup::on_initialize(2), idle);
		for byte in 0..4 {
			propose(byte);
		}
		// It looks at the first block's window, and at the first block to settle.
		let close = Weights::close_window() + ProverPool::slash_weight();
		let settle = Weights::settle_block();
		assert_eq!(Rollup::on_initialize(3), idle + close + settle);
		Timestamp::set_timestamp((now() + WINDOW + 1) * 1_000);
		assert_eq!(Rollup::on_initialize(4), idle + close * 4 + settle);
		for id in 1..=3 {
			assert_ok!(prove(2, id));
		}
		assert_eq!(Rollup::on_initialize(5), idle + settle * 4);
	});
}

#[test]
fn hold_reasons_are_apart() {
	let pool: RuntimeHoldReason = pallet_prover_pool::HoldReason::Stake.into();
	assert_ne!(
		pool.encode(),
		RuntimeHoldReason::from(HoldReason::Reward).encode()
	);
}
