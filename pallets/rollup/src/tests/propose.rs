// SPDX-License-Identifier: Apache-2.0

//! Proposals: R1.

use super::*;
use frame_support::traits::fungible::Mutate as _;

#[test]
fn r1_a_proposal_holds_the_maximum_price_of_the_gas_charged() {
	run(|| {
		let id = propose();
		assert_eq!(held(PROPOSER), DEPOSIT);
		let block = block(id).unwrap();
		assert_eq!(block.phase, Phase::Undrawn);
		assert_eq!((block.fee_per_gas, block.reward_per_gas), (FEE, MAX_PRICE));
		assert_eq!((block.proposed_in, block.rules_version), (1, 1));
		assert_eq!(
			events(),
			[Event::BlockProposed {
				block_id: 1,
				proposer: PROPOSER,
				payload_hash: sp_io::hashing::sha2_256(&[7]),
				payload_size: SIZE,
				gas_limit: GAS,
				fee_per_gas: FEE,
				rules_version: 1,
				deposit: DEPOSIT,
			}]
		);
	});
}

#[test]
fn r1_every_byte_of_the_payload_is_charged() {
	run(|| {
		let payload = vec![1; 1_024].try_into().unwrap();
		assert_ok!(Rollup::propose_block(RuntimeOrigin::signed(PROPOSER), payload, GAS, MAX_PRICE));
		let charged = GAS + BASE_GAS + 1_024 * BYTE_GAS;
		assert_eq!(held(PROPOSER), u128::from(MAX_PRICE * charged));
	});
}

#[test]
fn r1_the_maximum_fee_is_compared_with_the_maximum_price() {
	run(|| {
		assert_noop!(propose_as(PROPOSER, GAS, MAX_PRICE - 1), Error::FeeTooHigh);
		assert_ok!(propose_as(PROPOSER, GAS, MAX_PRICE));
	});
}

#[test]
fn r1_the_gas_limit_has_bounds() {
	run(|| {
		assert_noop!(propose_as(PROPOSER, 0, u32::MAX), Error::InvalidGasLimit);
		assert_noop!(propose_as(PROPOSER, 30_000_001, u32::MAX), Error::InvalidGasLimit);
		assert_ok!(propose_as(PROPOSER, 1, u32::MAX));
		assert_ok!(propose_as(PROPOSER, 30_000_000, u32::MAX));
	});
}

#[test]
fn r1_unsettled_blocks_are_the_only_bound_of_proposals() {
	run_open(|| {
		MaxUnsettledBlocks::set(3);
		propose_and_draw(3);
		assert_noop!(propose_as(PROPOSER, GAS, u32::MAX), Error::TooManyUnsettledBlocks);
		assert_ok!(prove(2, 1));
		assert_noop!(propose_as(PROPOSER, GAS, u32::MAX), Error::TooManyUnsettledBlocks);
		settle();
		assert_ok!(propose_as(PROPOSER, GAS, u32::MAX));
	});
}

#[test]
fn r1_a_proposer_short_of_funds_gets_the_error_of_the_currency() {
	run(|| {
		Balances::set_balance(&PROPOSER, DEPOSIT);
		let error = propose_as(PROPOSER, GAS, u32::MAX).unwrap_err();
		assert!(matches!(error, sp_runtime::DispatchError::Token(_)));
		assert_eq!((positions(), held(PROPOSER)), ([0; 4], 0));
	});
}

#[test]
fn r1_fee_and_rules_version_are_fixed_by_the_proposal() {
	run(|| {
		propose();
		activate(2);
		MinFeePerGas::set(1_000);
		next_block();
		propose();
		next_block();
		let blocks = [1, 2].map(|id| block(id).unwrap());
		assert_eq!(blocks.clone().map(|block| block.rules_version), [1, 2]);
		assert_eq!(blocks.clone().map(|block| block.fee_per_gas), [100, 1_000]);
		// The prover's price of 100 counts as 75 % of a fee of 1,000.
		assert_eq!(blocks.map(|block| block.reward_per_gas), [100, 750]);
	});
}
