// SPDX-License-Identifier: Apache-2.0

//! Benchmark of the worst case: the strongest source is absent, the next one brings a fresh seed, and
//! two seeds are in storage.

use super::*;
use frame_benchmarking::v2::*;
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{backend::Backend, TrieBackend, TrieBackendBuilder};
use sp_trie::{trie_types::TrieDBMutBuilderV1, MemoryDB, TrieMut};

/// Number of full branches of the relay chain's trie above this pallet's sources. The first ones
/// distinguish pallets, the others the items of one pallet.
const BRANCHES: usize = 6;

/// A value that is long enough to be a separate node.
const OTHER_VALUE: [u8; 40] = [1; 40];

const EPOCH: H256 = H256::repeat_byte(2);

/// State with a proof of all of it. Reads as the parachain system pallet does.
struct ProvenState(TrieBackend<MemoryDB<BlakeTwo256>, BlakeTwo256>);

impl RelayState for ProvenState {
	type Error = &'static str;

	fn read<Value: Decode>(&self, key: &[u8]) -> Result<Option<Value>, Self::Error> {
		let value = self.0.storage(key).map_err(|_| "the proof is silent")?;
		value
			.map(|value| Value::decode(&mut &value[..]))
			.transpose()
			.map_err(|_| "the value does not decode")
	}

	fn number(&self) -> u32 {
		2
	}

	fn storage_root(&self) -> H256 {
		*self.0.root()
	}
}

/// Returns a relay chain's state without a VRF output and with an epoch's seed.
fn relay_state() -> ProvenState {
	let (mut state, mut root) = MemoryDB::<BlakeTwo256>::default_with_root();
	let mut trie = TrieDBMutBuilderV1::<BlakeTwo256>::new(&mut state, &mut root).build();
	let mut insert = |key: &[u8], value: &[u8]| {
		trie.insert(key, value).expect("it is all in memory");
	};
	for branch in 0..BRANCHES {
		for other in 1..16 {
			let mut key = ONE_EPOCH_AGO_RANDOMNESS.to_vec();
			key[branch / 2] ^= if branch % 2 == 0 { other << 4 } else { other };
			insert(&key, &OTHER_VALUE);
		}
	}
	insert(&CURRENT_BLOCK_RANDOMNESS, &None::<H256>.encode());
	insert(&ONE_EPOCH_AGO_RANDOMNESS, &EPOCH.encode());
	drop(trie);
	ProvenState(TrieBackendBuilder::new(state, root).build())
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn on_relay_state_proof() {
		let seed = |byte| Seed { value: H256::repeat_byte(byte), known_since: Default::default() };
		let before = RecentSeeds {
			source: Source::OneEpochAgo,
			relay_block: 1,
			newest: seed(1),
			older: Some(seed(0)),
		};
		Seeds::<T>::put(before);
		let state = relay_state();

		#[block]
		{
			Pallet::<T>::take_seed(&state);
		}

		let after = Seeds::<T>::get().expect("they were just stored");
		assert_eq!((after.source, after.relay_block), (Source::OneEpochAgo, 2));
		assert_eq!(after.newest.known_since, frame_system::Pallet::<T>::block_number());
		assert_eq!(after.older, Some(before.newest));
	}

	impl_benchmark_test_suite!(Pallet, sp_io::TestExternalities::default(), crate::mock::Test);
}
