// SPDX-License-Identifier: Apache-2.0

//! Runtime with the rollup, the pool and the verifier, whose keys have known secret numbers.

use crate::{
	self as pallet_rollup, BlockKey, Blocks, Phase, ProofLane, RollupBlockOf, RollupState,
	StoredTransition, Transition,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
	derive_impl,
	migrations::MultiStepMigrator,
	pallet_prelude::*,
	parameter_types,
	storage::with_storage_layer,
	traits::{
		fungible::{Inspect, InspectHold},
		ConstU64, Hooks, Randomness, UnixTime,
	},
	weights::WeightMeter,
};
use frame_system::{pallet_prelude::BlockNumberFor, EnsureRoot, EnsureSigned};
use pallet_groth16_verifier::{simulator, KeyVersion};
use prover_pool_primitives::{public_input, BlockId, Clock, Hash, ProverPool as _, Seeds};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{
	impl_tx_ext_default,
	traits::{Hash as _, Implication, TransactionExtension, ValidateResult},
	BuildStorage, DispatchError,
};
use std::collections::BTreeMap;

pub type AccountId = u64;
pub type Balance = u128;
pub type Event = crate::Event<Test>;
pub type Error = crate::Error<Test>;

/// One whole token.
pub const TOKEN: Balance = 1_000_000_000_000;
/// Unix time at which the tests begin, in seconds.
pub const START: u64 = 1_700_000_000;
/// Planned interval of the chain blocks, in seconds.
pub const BLOCK: u64 = 6;
/// Proof window of the first blocks, in seconds.
pub const WINDOW: u64 = 600;
/// Cooldown, in seconds.
pub const COOLDOWN: u64 = 60;
/// Fee at the start, and price of the tests' prover.
pub const FEE: u32 = 100;
/// Maximum price of a unit of gas at that fee.
pub const MAX_PRICE: u32 = 125;
/// Gas that every block costs.
pub const BASE_GAS: u32 = 200_000;
/// Gas limit of the tests' blocks.
pub const GAS: u32 = 1_000_000;
/// Size of the tests' payloads, in bytes.
pub const SIZE: u32 = 1;
/// Gas for each byte of a payload.
pub const BYTE_GAS: u32 = 16;
/// Gas charged for the tests' blocks at their limit.
pub const CHARGED: Balance = (GAS + BASE_GAS + BYTE_GAS) as Balance;
/// Gas charged for the tests' transitions, which use half of the limit.
pub const USED: Balance = (GAS / 2 + BASE_GAS + BYTE_GAS) as Balance;
/// Deposit for one of the tests' blocks.
pub const DEPOSIT: Balance = MAX_PRICE as Balance * CHARGED;
/// Reward of the tests' prover without a penalty.
pub const REWARD: Balance = FEE as Balance * USED;
/// Provers, proposers and bystanders.
pub const ACCOUNTS: [AccountId; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50, 51, 52, 53, 59, 60];
/// Balance of each.
pub const ENDOWMENT: Balance = 10_000_000 * TOKEN;
/// Proposer of the tests' blocks.
pub const PROPOSER: AccountId = 50;
/// Account that carries proofs of others.
pub const CARRIER: AccountId = 60;
/// Account behind the override origin.
pub const GOVERNOR: AccountId = 59;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(3)]
	pub type ProverPool = pallet_prover_pool;
	#[runtime::pallet_index(4)]
	pub type Rollup = pallet_rollup;
	#[runtime::pallet_index(5)]
	pub type Verifier = pallet_groth16_verifier;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
	type MultiBlockMigrator = TestMigrator;
}

/// Migration without steps of its own.
pub struct TestMigrator;

impl MultiStepMigrator for TestMigrator {
	fn ongoing() -> bool {
		IsMigrating::get()
	}

	fn step() -> Weight {
		Weight::zero()
	}
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {
	type MinimumPeriod = ConstU64<0>;
}

parameter_types! {
	pub const ExistentialDeposit: Balance = TOKEN / 100;
	pub const OneToken: Balance = TOKEN;
	pub const OverrideAccount: Option<AccountId> = Some(GOVERNOR);
	// Values that tests set.
	pub static MinFeePerGas: u16 = 10;
	pub static MinProofWindow: u64 = WINDOW;
	pub static MaxProofWindow: u64 = 9 * WINDOW;
	pub static CooldownSeconds: u64 = COOLDOWN;
	pub static RescuerShare: u32 = 4_000;
	pub static BountyMultiplier: u32 = u32::MAX;
	pub static AverageGas: u64 = 100_000_000;
	pub static MaxTick: u64 = BLOCK * 1_000;
	pub static MaxUnsettledBlocks: u32 = 64;
	pub static MaxDrawnPerBlock: u32 = 8;
	pub static MaxProvenPerBlock: u32 = 32;
	pub static MaxSweptPerBlock: u32 = 8;
	pub static MaxSettledPerBlock: u32 = 8;
	/// `true` in the chain blocks of a multi-block migration.
	pub static IsMigrating: bool = false;
	/// Function of the weights that returns the maximum.
	pub static HeavyStep: &'static str = "";
	/// Number of replacements of the key of each version.
	pub static KeyReplacements: BTreeMap<KeyVersion, u32> = BTreeMap::new();
	/// Chain blocks between the older seed and the present, if this one carries a new seed.
	pub static SeedAge: Option<u64> = Some(0);
	/// Seed of the draws.
	pub static Seed: u64 = 0;
	// Values of the pool that tests set.
	pub static MaxProvers: u32 = 32;
	pub static ExitPeriod: u64 = 7 * 24 * 60 * 60;
	pub static MinChangeDelay: u64 = 60;
	pub static MinCapacity: u16 = 5;
	pub static MinStakePerCapacity: u32 = 10_000;
	pub static SlashPoints: u32 = 25;
	pub static SlashMultiplier: u32 = 4;
	pub static EjectionThreshold: u32 = 5_000;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type RuntimeHoldReason = RuntimeHoldReason;
}

/// The same randomness in every run with the same seed. The pool mixes the block in.
pub struct SubjectHash;

impl Randomness<H256, BlockNumberFor<Test>> for SubjectHash {
	fn random(subject: &[u8]) -> (H256, BlockNumberFor<Test>) {
		let subject = (subject, Seed::get()).encode();
		(<Test as frame_system::Config>::Hashing::hash(&subject), System::block_number())
	}
}

/// Seeds in every chain block, unless a test takes them away.
pub struct TestSeeds;

impl Seeds<BlockNumberFor<Test>> for TestSeeds {
	fn drawable_before() -> Option<BlockNumberFor<Test>> {
		SeedAge::get().map(|age| System::block_number().saturating_sub(age))
	}
}

impl pallet_prover_pool::Config for Test {
	type WeightInfo = pallet_prover_pool::weights::SubstrateWeight<Test>;
	type Currency = Balances;
	type Time = Rollup;
	type Randomness = SubjectHash;
	type MaxProvers = MaxProvers;
	type OneToken = OneToken;
	type ExitPeriod = ExitPeriod;
	type MinChangeDelay = MinChangeDelay;
	type MinCapacity = MinCapacity;
	type MinStakePerCapacity = MinStakePerCapacity;
	type SlashPoints = SlashPoints;
	type SlashMultiplier = SlashMultiplier;
	type RewardTolerance = ConstU32<2_500>;
	type EjectionThreshold = EjectionThreshold;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkClock = Rollup;
}

/// Curve of the proofs.
type Curve = ark_bn254::Bn254;

impl pallet_groth16_verifier::Config for Test {
	type WeightInfo = pallet_groth16_verifier::weights::SubstrateWeight<Test>;
	type Curve = Curve;
	type KeyOrigin = EnsureRoot<AccountId>;
	type Rollup = Rollup;
	type MaxKeys = ConstU32<4>;
	type MaxKeySize = ConstU32<584>;
}

/// Returns the error of a proof that does not verify.
pub fn invalid_proof() -> DispatchError {
	pallet_groth16_verifier::Error::<Test>::InvalidProof.into()
}

/// Returns the set-up of a version's key after a number of replacements.
fn setup_of(version: KeyVersion, replacements: u32) -> u32 {
	version * 1_000 + replacements
}

/// Returns the first key of a version.
pub fn key(version: KeyVersion) -> BoundedVec<u8, ConstU32<584>> {
	simulator::encoded_key_of::<Curve>(setup_of(version, 0)).try_into().unwrap()
}

/// Activates a version, with keys added for it and for those before it.
pub fn activate(version: KeyVersion) {
	for added in pallet_groth16_verifier::LastVersion::<Test>::get() + 1..=version {
		Verifier::add_key(RuntimeOrigin::root(), key(added)).unwrap();
	}
	Verifier::activate_key(RuntimeOrigin::root(), version).unwrap();
}

/// Replaces the key of a version.
pub fn replace_key(version: KeyVersion) -> DispatchResult {
	let replacements = KeyReplacements::get().get(&version).copied().unwrap_or_default() + 1;
	let key = simulator::encoded_key_of::<Curve>(setup_of(version, replacements));
	with_storage_layer(|| {
		Verifier::replace_key(RuntimeOrigin::root(), version, key.try_into().unwrap())
	})?;
	KeyReplacements::mutate(|all| all.insert(version, replacements));
	Ok(())
}

/// Returns the valid proof of a statement by the key of a version.
pub fn proof_of(version: KeyVersion, statement: &[u8]) -> Vec<u8> {
	let replacements = KeyReplacements::get().get(&version).copied().unwrap_or_default();
	simulator::encoded_proof_by::<Curve>(setup_of(version, replacements), public_input(statement))
}

/// Measured weights, except for [`HeavyStep`].
pub struct TestWeights;

macro_rules! impl_test_weights {
	($($step:ident($($n:ident)?))*) => {
		impl crate::WeightInfo for TestWeights {
			$(fn $step($($n: u32)?) -> Weight {
				if HeavyStep::get() == stringify!($step) {
					return Weight::MAX;
				}
				crate::weights::SubstrateWeight::<Test>::$step($($n)?)
			})*
		}
	};
}

impl_test_weights! {
	propose_block(n) prove_block() override_block() pause() resume() resume_draws() open_undrawn(n)
	settle(n) pay_bounty() advance_proven(n) sweep_deadlines(n) sweep_opened(n) draw(n) poll()
	is_needed() extension()
}

impl pallet_rollup::Config for Test {
	type WeightInfo = TestWeights;
	type Currency = Balances;
	type ProverPool = ProverPool;
	type Seeds = TestSeeds;
	type UnixTime = Timestamp;
	type ProofVerifier = Verifier;
	type ProposerOrigin = EnsureSigned<AccountId>;
	type OverrideOrigin = EnsureRoot<AccountId>;
	type OverrideAccount = OverrideAccount;
	type OnSlash = ();
	type RescuerShare = RescuerShare;
	type BountyMultiplier = BountyMultiplier;
	type MinFeePerGas = MinFeePerGas;
	type RewardMaxDelayPenalty = ConstU32<250>;
	type AverageGas = AverageGas;
	type MinProofWindow = MinProofWindow;
	type MaxProofWindow = MaxProofWindow;
	type Cooldown = CooldownSeconds;
	type MaxTick = MaxTick;
	type MaxUnsettledBlocks = MaxUnsettledBlocks;
	type MaxPayloadSize = ConstU32<1_024>;
	type MaxProofSize = ConstU32<256>;
	type MaxGasLimit = ConstU32<30_000_000>;
	type BaseGas = ConstU32<BASE_GAS>;
	type GasPerByte = ConstU32<BYTE_GAS>;
	type MaxDrawnPerBlock = MaxDrawnPerBlock;
	type MaxProvenPerBlock = MaxProvenPerBlock;
	type MaxSweptPerBlock = MaxSweptPerBlock;
	type MaxSettledPerBlock = MaxSettledPerBlock;
}

/// Extension in the place of that of the fees: the tip is the priority.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Default, Debug)]
pub struct Tip(#[codec(compact)] pub u64);

impl TransactionExtension<RuntimeCall> for Tip {
	const IDENTIFIER: &'static str = "Tip";
	type Implicit = ();
	type Val = ();
	type Pre = ();

	fn validate(
		&self,
		origin: RuntimeOrigin,
		_: &RuntimeCall,
		_: &sp_runtime::traits::DispatchInfoOf<RuntimeCall>,
		_: usize,
		_: (),
		_: &impl Implication,
		_: TransactionSource,
	) -> ValidateResult<(), RuntimeCall> {
		let validity = ValidTransaction { priority: self.0, ..Default::default() };
		Ok((validity, (), origin))
	}

	impl_tx_ext_default!(RuntimeCall; weight prepare);
}

/// Lane around the tests' extension.
pub type TestLane = ProofLane<Test, Tip>;

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

/// Returns the state root after a block when nothing goes wrong.
pub fn root(block_id: BlockId) -> Hash {
	H256::from_low_u64_be(block_id + 1_000).0
}

/// Returns a state root that the rollup should never have.
pub fn wrong(number: u64) -> Hash {
	H256::from_low_u64_be(number).0
}

/// Returns the true transition of a block.
pub fn transition(block_id: BlockId) -> Transition {
	on(root(block_id.saturating_sub(1)), root(block_id))
}

/// Returns a transition that uses half of the tests' gas.
pub fn on(parent_state_root: Hash, state_root: Hash) -> Transition {
	Transition { parent_state_root, state_root, gas_used: GAS / 2 }
}

/// Proposes one of the tests' blocks and returns it.
pub fn propose() -> BlockId {
	propose_as(PROPOSER, GAS, u32::MAX).unwrap();
	state().proposed
}

pub fn propose_as(who: AccountId, gas_limit: u32, max_fee_per_gas: u32) -> DispatchResult {
	let payload = vec![7; SIZE as usize].try_into().unwrap();
	with_storage_layer(|| {
		Rollup::propose_block(RuntimeOrigin::signed(who), payload, gas_limit, max_fee_per_gas)
	})
}

/// Proposes as many blocks and has them drawn.
pub fn propose_and_draw(blocks: u64) {
	for _ in 0..blocks {
		propose();
	}
	next_block();
}

/// Proves a block by its true transition. The prover signs.
pub fn prove(prover: AccountId, block_id: BlockId) -> DispatchResult {
	prove_as(prover, prover, block_id, transition(block_id)).map(drop)
}

/// Proves a transition with a valid proof, and returns who pays.
pub fn prove_as(
	signer: AccountId,
	prover: AccountId,
	block_id: BlockId,
	transition: Transition,
) -> Result<Pays, DispatchError> {
	prove_with(signer, prover, block_id, transition, valid_proof(prover, block_id, transition))
}

pub fn prove_with(
	signer: AccountId,
	prover: AccountId,
	block_id: BlockId,
	transition: Transition,
	proof: Vec<u8>,
) -> Result<Pays, DispatchError> {
	let proof = proof.try_into().unwrap();
	with_storage_layer(|| {
		let origin = RuntimeOrigin::signed(signer);
		Rollup::prove_block(origin, block_id, prover, transition, proof)
			.map(|info| info.pays_fee)
			.map_err(|error| error.error)
	})
}

/// Returns a valid proof, or an empty one for an unknown block.
pub fn valid_proof(prover: AccountId, block_id: BlockId, transition: Transition) -> Vec<u8> {
	block(block_id)
		.map(|block| {
			let chain = System::block_hash(0).0;
			let statement = block.statement(chain, block_id, transition, prover);
			proof_of(block.rules_version, &statement.encode())
		})
		.unwrap_or_default()
}

pub fn override_root(block_id: BlockId, state_root: Hash) -> DispatchResult {
	with_storage_layer(|| Rollup::override_block(RuntimeOrigin::root(), block_id, state_root))
}

pub fn resume_draws() -> DispatchResult {
	Rollup::resume_draws(RuntimeOrigin::root())
}

pub fn pause() -> DispatchResult {
	Rollup::pause(RuntimeOrigin::root())
}

pub fn resume() -> DispatchResult {
	Rollup::resume(RuntimeOrigin::root())
}

pub fn state() -> RollupState {
	crate::State::<Test>::get()
}

/// Returns `settled`, `proven`, `drawn` and `proposed`.
pub fn positions() -> [BlockId; 4] {
	let state = state();
	[state.settled, state.proven, state.drawn, state.proposed]
}

pub fn block(block_id: BlockId) -> Option<RollupBlockOf<Test>> {
	Blocks::<Test>::get(BlockKey::from(block_id))
}

pub fn stored(block_id: BlockId) -> Option<StoredTransition<AccountId>> {
	block(block_id)?.transition
}

/// Returns the deadline of an assigned block.
pub fn deadline(block_id: BlockId) -> u64 {
	block(block_id).unwrap().assignment().expect("the block is assigned").deadline
}

pub fn is_assigned(block_id: BlockId) -> bool {
	matches!(block(block_id).unwrap().phase, Phase::Assigned(_))
}

pub fn is_missed(block_id: BlockId) -> bool {
	matches!(block(block_id).unwrap().phase, Phase::Missed(_))
}

pub fn is_opened(block_id: BlockId) -> bool {
	matches!(block(block_id).unwrap().phase, Phase::Opened(_))
}

/// Returns the number of outstanding blocks of a prover.
pub fn outstanding(who: AccountId) -> u32 {
	ProverPool::outstanding(&who)
}

pub fn free(who: AccountId) -> Balance {
	Balances::balance(&who)
}

/// Returns the deposits of a proposer. The record of a hold can exceed the balance on hold.
pub fn held(who: AccountId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Deposit.into(), &who)
		.min(Balances::total_balance_on_hold(&who))
}

/// Returns the amount burned since genesis.
pub fn burned() -> Balance {
	ACCOUNTS.len() as Balance * ENDOWMENT - Balances::total_issuance()
}

/// Returns the events of the rollup since the last call.
pub fn events() -> Vec<Event> {
	let events = System::read_events_for_pallet::<Event>();
	System::reset_events();
	events
}
