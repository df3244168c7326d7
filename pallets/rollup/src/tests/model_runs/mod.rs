// SPDX-License-Identifier: Apache-2.0

//! Random runs of rollup, pool and verifier against the model. After each step every position, root, block,
//! balance, hold, slot, event and refusal agrees, and every invariant of rollup and pool holds. Those of the
//! verifier hold at the end of a run.
//!
//! `MODEL_SEED` and `MODEL_STEPS` repeat or lengthen the long run.

mod blocks;
mod compare;
mod drain;
mod drive;
mod indexer;
mod proofs;
mod steps;
mod world;

use crate::mock::Verifier;
use drive::Run;
use proptest::{
	prelude::*,
	strategy::ValueTree,
	test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use std::{collections::BTreeMap, env, str::FromStr};
use steps::{steps, Step};
use world::{world, World};

/// Number of each kind of step, event and refusal.
type Counts = BTreeMap<String, u64>;

/// Steps that a long run makes in one world.
const STEPS_OF_A_WORLD: usize = 400;

/// Kinds of events, refusals and others that a long run must reach.
const REACHED: [&str; 72] = [
	"answer Invalid",
	"answer Unknown",
	"answer Valid",
	"chain block that settles out of a short hold",
	"chain block with little weight",
	"chain block without on_poll",
	"event Assigned",
	"event Discarded",
	"event DrawsResumed",
	"event Exited",
	"event KeyActivated",
	"event KeyAdded",
	"event KeyRemoved",
	"event KeyReplaced",
	"event Missed",
	"event Opened by ByOrigin",
	"event Opened by DrawsStopped",
	"event Opened by KeyReplaced",
	"event Opened by NotDrawable",
	"event Opened by Overridden",
	"event OperatorSet",
	"event Overridden",
	"event Overridden by what was proven",
	"event Paused",
	"event Proposed",
	"event Proven",
	"event Proven by a proof restored",
	"event Proven by an override restored",
	"event Resumed",
	"event Settled",
	"event Settled unpaid",
	"event Settled with a bounty",
	"event Settled with a slash alone",
	"event Settled without a receiver",
	"event Slashed",
	"event Staked",
	"event Stored",
	"event Withdrawn",
	"lane Assigned",
	"lane Control",
	"lane Open",
	"refusal AlreadyDrawn",
	"refusal AlreadyProven",
	"refusal ChangeTooFrequent",
	"refusal DeadlinePassed",
	"refusal DrawsNotStopped",
	"refusal FeeTooHigh",
	"refusal Funds",
	"refusal InvalidGasLimit",
	"refusal InvalidParams",
	"refusal InvalidProof",
	"refusal KeyIsActive",
	"refusal KeyIsNeeded",
	"refusal KeyNotPaused",
	"refusal NoMatureExit",
	"refusal NotAssigned",
	"refusal NotDrawn",
	"refusal NotInPool",
	"refusal NotNewer",
	"refusal NotNext",
	"refusal NotOperator",
	"refusal NotOverridable",
	"refusal NotPaused",
	"refusal NotSignedByProver",
	"refusal Paused",
	"refusal ProverNotGoodEnough",
	"refusal QueueFull",
	"refusal TooManyKeys",
	"refusal TooMuchGas",
	"refusal UnknownBlock",
	"refusal UnknownKey",
	"refusal WrongParentState",
];

/// Runs the steps in a world, and then honestly until every block is settled.
fn run(world: World, steps: Vec<Step>, counts: &mut Counts) {
	world.genesis().execute_with(|| {
		let mut run = Run::new(&world, counts);
		for (number, step) in steps.into_iter().enumerate() {
			let is_lazy = number as u64 % 8 < world.laziness;
			run.apply(if is_lazy { step.without_a_proof() } else { step });
			run.compare();
		}
		run.drain();
		Verifier::do_try_state().expect("every invariant of the verifier holds");
	});
}

proptest! {
	#![proptest_config(ProptestConfig {
		cases: 256,
		failure_persistence: None,
		..ProptestConfig::default()
	})]

	#[test]
	fn pallet_and_model_agree(world in world(), steps in prop::collection::vec(steps(), 1..80)) {
		run(world, steps, &mut Counts::new());
	}
}

/// Prints the seed and the world of a run that fails.
struct Place {
	seed: u64,
	world: usize,
}

impl Drop for Place {
	fn drop(&mut self) {
		if std::thread::panicking() {
			eprintln!("MODEL_SEED={}, world {}", self.seed, self.world);
		}
	}
}

fn variable<Value: FromStr>(name: &str, default: Value) -> Value {
	env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

#[test]
#[ignore = "takes long"]
fn pallet_and_model_agree_for_long() {
	let seed: u64 = variable("MODEL_SEED", 1);
	let number: usize = variable("MODEL_STEPS", 1_000_000);
	let bytes = sp_io::hashing::blake2_256(&seed.to_le_bytes());
	let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
	let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
	let strategy = (world(), prop::collection::vec(steps(), STEPS_OF_A_WORLD));
	let mut counts = Counts::new();
	let mut place = Place { seed, world: 0 };
	while place.world * STEPS_OF_A_WORLD < number {
		let tree = strategy.new_tree(&mut runner).expect("nothing is filtered");
		let (world, steps) = tree.current();
		run(world, steps, &mut counts);
		place.world += 1;
	}
	println!("MODEL_SEED={seed}, {} steps: {counts:#?}", place.world * STEPS_OF_A_WORLD);
	if number >= 100_000 {
		for kind in REACHED {
			assert!(counts.contains_key(kind), "no {kind}");
		}
	}
}
