// SPDX-License-Identifier: Apache-2.0

//! Genesis, chain blocks and time.

use super::*;

/// Returns a genesis with all accounts funded and `provers` in the pool.
pub fn genesis(provers: Vec<(AccountId, u32, u16, u16)>) -> sp_io::TestExternalities {
	genesis_with(provers, rollup_genesis())
}

/// Returns the same genesis with another start of the rollup.
pub fn genesis_with(
	provers: Vec<(AccountId, u32, u16, u16)>,
	rollup: pallet_rollup::GenesisConfig<Test>,
) -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: ACCOUNTS.map(|who| (who, ENDOWMENT)).to_vec(),
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	pallet_prover_pool::GenesisConfig::<Test> { provers }
		.assimilate_storage(&mut storage)
		.unwrap();
	rollup.assimilate_storage(&mut storage).unwrap();
	KeyReplacements::take();
	pallet_groth16_verifier::GenesisConfig::<Test> {
		key: Some(key(1).into()),
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	storage.into()
}

/// Returns the tests' start of the rollup.
pub fn rollup_genesis() -> pallet_rollup::GenesisConfig<Test> {
	pallet_rollup::GenesisConfig {
		state_root: H256(root(0)),
		fee_per_gas: FEE as u16,
		delay_per_gas: 100,
		..Default::default()
	}
}

/// Runs `test` on a pool with `provers`, and every invariant of all pallets after it.
pub fn run_with(provers: Vec<(AccountId, u32, u16, u16)>, test: impl FnOnce()) {
	genesis(provers).execute_with(|| {
		begin_block(START);
		test();
		check();
		Verifier::do_try_state().unwrap();
	});
}

/// Runs `test` with account 1 as the only prover.
pub fn run(test: impl FnOnce()) {
	run_with(vec![(1, 100_000, FEE as u16, 10)], test)
}

/// Runs `test` with an empty pool: all blocks are open.
pub fn run_open(test: impl FnOnce()) {
	run_with(vec![], test)
}

/// Checks every invariant of rollup and pool, and that no hold is short.
pub fn check() {
	Rollup::do_try_state().unwrap();
	ProverPool::do_try_state().unwrap();
	for who in ACCOUNTS {
		let deposits = Blocks::<Test>::iter_values()
			.filter(|block| block.proposer == who)
			.map(|block| block.deposit)
			.sum();
		assert_eq!(held(who), deposits, "deposits of {who}");
	}
}

/// Begins the next chain block at `time`, in Unix seconds.
pub fn begin_block(time: u64) {
	begin_block_with(time, Weight::MAX)
}

/// Begins the next chain block with this weight left for `on_poll`.
pub fn begin_block_with(time: u64, weight: Weight) {
	System::set_block_number(System::block_number() + 1);
	Timestamp::set_timestamp(time * 1_000);
	Rollup::on_poll(System::block_number(), &mut WeightMeter::with_limit(weight));
}

/// Ends the chain block.
pub fn end_block() {
	Rollup::on_finalize(System::block_number());
}

/// Ends the chain block and begins the next, at the planned interval.
pub fn next_block() {
	next_block_after(BLOCK)
}

/// Ends the chain block and begins the next, `seconds` later.
pub fn next_block_after(seconds: u64) {
	end_block();
	begin_block(time() + seconds);
}

/// Makes chain blocks until the clock has advanced by `seconds`.
pub fn pass(seconds: u64) {
	let end = now() + seconds;
	while now() < end {
		next_block();
	}
}

/// Makes chain blocks until all proven blocks are settled.
pub fn settle() {
	pass(COOLDOWN + BLOCK);
}

/// Returns the Unix time, in seconds.
pub fn time() -> u64 {
	<Timestamp as UnixTime>::now().as_secs()
}

/// Returns the clock.
pub fn now() -> u64 {
	<Rollup as Clock>::now()
}
