// SPDX-License-Identifier: Apache-2.0

//! Fresh seeds, their mix and the blocks that may be drawn by it.

use super::*;
use crate::{
	mock::{RelayParentOffset, RelayRandomness},
	RecentSeeds, Seed, Seeds, Source,
};
use frame_support::traits::{Hooks, Randomness};
use prover_pool_primitives::Seeds as _;
use sp_io::TestExternalities;
use std::collections::BTreeSet;

/// Makes block `number` on a relay block with this VRF output, and returns `drawable_before`.
fn vrf_block(number: u32, relay_block: u32, vrf: u8) -> Option<u32> {
	let vrf = Some(Some(H256::repeat_byte(vrf)));
	next_block(number, relay_block, proof_of(relay_state(vrf, Some(EPOCH)), &BOTH));
	RelayRandomness::drawable_before()
}

/// Makes block `number` on a relay block without VRF output, and returns `drawable_before`.
fn epoch_block(number: u32, relay_block: u32, epoch: Option<H256>) -> Option<u32> {
	next_block(number, relay_block, proof_of(relay_state(Some(None), epoch), &BOTH));
	RelayRandomness::drawable_before()
}

/// Returns the mix and the block since which its older seed is known.
fn mix() -> (H256, u32) {
	RelayRandomness::random(b"subject")
}

fn seed(vrf: u8, known_since: u32) -> Seed<u32> {
	Seed { value: H256::repeat_byte(vrf), known_since }
}

fn recent_seeds() -> RecentSeeds<u32> {
	Seeds::<Test>::get().expect("a block was made")
}

#[test]
fn before_the_first_block_there_is_a_value_all_the_same() {
	TestExternalities::default().execute_with(|| {
		assert_eq!(Seeds::<Test>::get(), None);
		assert_eq!(mix().1, 0);
		assert_eq!(RelayRandomness::drawable_before(), None);
	});
}

#[test]
fn the_first_seed_alone_draws_nothing() {
	TestExternalities::default().execute_with(|| {
		let genesis = mix();
		assert_eq!(vrf_block(4, 10, 1), None);
		assert_eq!((recent_seeds().newest, recent_seeds().older), (seed(1, 4), None));
		// The absent seed counts as known since genesis.
		assert_eq!(mix().1, 0);
		assert_ne!(mix().0, genesis.0);
	});
}

#[test]
fn the_second_seed_draws_what_was_proposed_before_the_first() {
	TestExternalities::default().execute_with(|| {
		vrf_block(4, 10, 1);
		assert_eq!(vrf_block(5, 11, 2), Some(4));
		assert_eq!((recent_seeds().newest, recent_seeds().older), (seed(2, 5), Some(seed(1, 4))));
	});
}

#[test]
fn a_mix_is_known_since_its_older_seed() {
	TestExternalities::default().execute_with(|| {
		vrf_block(4, 10, 1);
		assert_eq!((vrf_block(9, 13, 2), mix().1), (Some(4), 4));
		assert_eq!((vrf_block(11, 14, 3), mix().1), (Some(9), 9));
		assert_eq!((vrf_block(12, 20, 4), mix().1), (Some(11), 11));
	});
}

#[test]
fn only_the_last_two_seeds_enter_the_mix() {
	let mix_of = |vrfs: [u8; 3]| {
		TestExternalities::default().execute_with(|| {
			(1u32..).zip(vrfs).for_each(|(number, vrf)| {
				vrf_block(number, number, vrf);
			});
			mix().0
		})
	};
	let reference = mix_of([1, 2, 3]);
	assert_eq!(mix_of([9, 2, 3]), reference);
	assert_ne!(mix_of([1, 9, 3]), reference);
	assert_ne!(mix_of([1, 2, 9]), reference);
	assert_ne!(mix_of([1, 3, 2]), reference);
}

#[test]
fn values_differ_by_subject_and_by_seed() {
	TestExternalities::default().execute_with(|| {
		let values = |number, vrf| {
			vrf_block(number, number, vrf);
			[RelayRandomness::random(b"a").0, RelayRandomness::random(b"b").0]
		};
		let [a, b] = values(1, 1);
		assert_eq!([RelayRandomness::random(b"a").0, RelayRandomness::random(b"b").0], [a, b]);
		let [other_a, other_b] = values(2, 2);
		assert_eq!(BTreeSet::from([a, b, other_a, other_b]).len(), 4);
	});
}

#[test]
fn a_seed_is_known_since_the_first_block_that_carried_it() {
	TestExternalities::default().execute_with(|| {
		vrf_block(4, 10, 1);
		let first = recent_seeds();
		// A relay chain that does not renew its value brings no seed.
		assert_eq!(vrf_block(5, 11, 1), None);
		assert_eq!(recent_seeds(), first);
		assert_eq!(vrf_block(6, 12, 2), Some(4));
		assert_eq!(recent_seeds().newest.known_since, 6);
	});
}

#[test]
fn a_second_block_on_a_relay_block_draws_nothing() {
	TestExternalities::default().execute_with(|| {
		vrf_block(1, 10, 1);
		assert_eq!(vrf_block(2, 11, 2), Some(1));
		let before = (recent_seeds(), mix());
		assert_eq!(vrf_block(3, 11, 2), None);
		assert_eq!((recent_seeds(), mix()), before);
		assert_eq!(vrf_block(4, 12, 3), Some(2));
	});
}

/// Three blocks of this chain stand on each relay block.
#[test]
fn with_elastic_scaling_the_first_block_on_a_relay_block_draws() {
	TestExternalities::default().execute_with(|| {
		let drawable: Vec<_> = (1u32..=9)
			.map(|number| {
				let relay_block = number.div_ceil(3);
				vrf_block(number, relay_block, relay_block as u8)
			})
			.collect();
		let none = None;
		assert_eq!(drawable, [none, none, none, Some(1), none, none, Some(4), none, none]);
	});
}

#[test]
fn an_earlier_relay_block_brings_no_seed() {
	TestExternalities::default().execute_with(|| {
		vrf_block(1, 10, 1);
		vrf_block(2, 11, 2);
		let before = recent_seeds();
		assert_eq!(vrf_block(3, 10, 3), None);
		assert_eq!(recent_seeds(), before);
	});
}

#[test]
fn after_a_vrf_output_a_relay_block_without_one_brings_no_seed() {
	TestExternalities::default().execute_with(|| {
		vrf_block(1, 10, 1);
		vrf_block(2, 11, 2);
		let before = (recent_seeds(), mix());
		assert_eq!(epoch_block(3, 12, Some(EPOCH)), None);
		assert_eq!(epoch_block(4, 13, None), None);
		next_block(5, 14, proof_of(relay_state(None, Some(EPOCH)), &BOTH));
		assert_eq!(RelayRandomness::drawable_before(), None);
		assert_eq!((recent_seeds(), mix()), before);
		// The next VRF output goes on where the last one was.
		assert_eq!(vrf_block(6, 15, 3), Some(2));
	});
}

#[test]
fn one_vrf_output_is_enough_to_refuse_weaker_sources() {
	TestExternalities::default().execute_with(|| {
		vrf_block(1, 10, 1);
		assert_eq!(epoch_block(2, 11, Some(EPOCH)), None);
		assert_eq!(recent_seeds().older, None);
	});
}

#[test]
fn a_chain_without_vrf_outputs_draws_in_each_relay_block() {
	for epoch in [Some(EPOCH), None] {
		TestExternalities::default().execute_with(|| {
			assert_eq!(epoch_block(1, 10, epoch), None);
			let mut mixes = BTreeSet::from([mix().0]);
			for number in 2..10 {
				assert_eq!(epoch_block(number, number + 10, epoch), Some(number - 1));
				mixes.insert(mix().0);
			}
			assert_eq!(mixes.len(), 9);
			assert_eq!(epoch_block(10, 19, epoch), None, "no new relay block");
			assert_eq!(mix().1, 8);
		});
	}
}

#[test]
fn a_vrf_output_is_not_mixed_with_a_weaker_seed() {
	TestExternalities::default().execute_with(|| {
		epoch_block(1, 10, Some(EPOCH));
		epoch_block(2, 11, Some(EPOCH));
		assert_eq!(vrf_block(3, 12, 1), None);
		assert_eq!((recent_seeds().source, recent_seeds().older), (Source::CurrentBlockVrf, None));
		assert_eq!(vrf_block(4, 13, 2), Some(3));
	});
}

/// The proof must be complete even if the relay block cannot bring a seed.
#[test]
#[should_panic = "must show the relay chain's randomness"]
fn a_silent_proof_on_the_same_relay_block_is_invalid() {
	TestExternalities::default().execute_with(|| {
		vrf_block(1, 10, 1);
		let keys: [&[u8]; 1] = [&ONE_EPOCH_AGO_RANDOMNESS];
		next_block(2, 10, proof_of(relay_state(Some(Some(VRF)), Some(EPOCH)), &keys));
	});
}

/// A collator cannot suppress a seed that it dislikes.
#[test]
#[should_panic = "must show the relay chain's randomness"]
fn a_silent_proof_after_a_vrf_output_is_invalid() {
	TestExternalities::default().execute_with(|| {
		vrf_block(1, 10, 1);
		let keys: [&[u8]; 1] = [&ONE_EPOCH_AGO_RANDOMNESS];
		next_block(2, 11, proof_of(relay_state(Some(Some(VRF)), Some(EPOCH)), &keys));
	});
}

#[test]
#[should_panic = "RelayParentOffset must be 0"]
fn an_offset_of_the_relay_parent_is_refused() {
	RelayParentOffset::set(1);
	RelayRandomness::integrity_test();
}
