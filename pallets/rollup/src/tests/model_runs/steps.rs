// SPDX-License-Identifier: Apache-2.0

//! Everything that can happen. Blocks and accounts are chosen by the state in which a step is taken.

use super::world::parameters;
use crate::tests::model::Parameters;
use proptest::prelude::*;

/// Accounts that stake.
pub const PROVERS: [u64; 6] = [1, 2, 3, 4, 5, 6];
/// Accounts that provers name as operators.
pub const OPERATORS: [u64; 3] = [7, 8, 60];
/// Accounts that propose, and do not stake.
pub const PROPOSERS: [u64; 4] = [50, 51, 52, 53];
/// Account without a balance, which is too poor to receive a small reward.
pub const STRANGER: u64 = 777;

/// Number from which on a proof is of a block that is not drawn.
pub const DRAWN: u64 = 16;

/// Step of a run.
#[derive(Clone, Debug)]
pub enum Step {
	Propose {
		who: u64,
		size: u64,
		gas_limit: u32,
		bid: Bid,
	},
	Prove(ProofStep),
	Override {
		ahead: u64,
		root: RootChoice,
	},
	ResumeDraws,
	Pause,
	Resume,
	OpenUndrawn {
		ahead: u64,
	},
	AddKey,
	ActivateKey {
		back: u32,
	},
	RemoveKey {
		back: u32,
	},
	ReplaceKey {
		back: u32,
		is_paused_for: bool,
	},
	SetParameters(Parameters),
	Blocks {
		number: u64,
		interval: Interval,
		has_seed: bool,
		weight: PollWeight,
	},
	/// Chain blocks until the next deadline, or the first reading after it. The last has this weight.
	PassDeadline {
		is_exact: bool,
		weight: PollWeight,
	},
	Stake {
		who: u64,
		amount: u32,
		price: u16,
		capacity: u16,
	},
	Exit {
		who: u64,
	},
	Withdraw {
		who: u64,
	},
	SetOperator {
		who: u64,
		operator: Option<u64>,
	},
	ExitFor {
		signer: u64,
		prover: u64,
	},
	/// Transaction of the override account.
	Control {
		tip: u64,
	},
	/// A part of a proposer's deposits leaves the hold, with or without the hold's record.
	Cut {
		who: u64,
		part: u128,
		is_recorded: bool,
	},
}

/// Maximum fee that a proposer bids.
#[derive(Clone, Copy, Debug)]
pub enum Bid {
	Enough,
	Exact,
	OneLess,
}

/// Choice of a root, of a block or of an override.
#[derive(Clone, Copy, Debug)]
pub enum RootChoice {
	/// The root that honest provers prove.
	True,
	/// The root in force after the block.
	InForce,
	/// The root that was proven last.
	Proven,
	Invented(u64),
}

/// Account that signs a proof.
#[derive(Clone, Copy, Debug)]
pub enum Signer {
	Prover,
	Operator,
	Other(u64),
}

/// Weight that `on_poll` has.
#[derive(Clone, Copy, Debug)]
pub enum PollWeight {
	Enough,
	/// As many microseconds.
	Little(u64),
	/// `on_poll` does not run.
	None,
}

/// Time between two chain blocks.
#[derive(Clone, Copy, Debug)]
pub enum Interval {
	Tick,
	Half,
	Millisecond,
	Gap,
}

/// Proof of a block.
#[derive(Clone, Debug)]
pub struct ProofStep {
	/// Number of blocks after the first, modulo the drawn ones. From [`DRAWN`] on beyond them.
	pub ahead: u64,
	/// `true` if the first block is that after *settled*, not that after *proven*.
	pub is_after_settled: bool,
	/// Prover that the proof names, the assigned one if none.
	pub prover: Option<u64>,
	pub signer: Signer,
	/// Parent that is invented; otherwise the root before the block, as an honest prover knows it.
	pub parent: Option<u64>,
	pub root: RootChoice,
	/// Gas used, in percent of the limit. Above 100 it is one more than the limit.
	pub gas: u64,
	pub is_valid: bool,
	/// Tip of the transaction; none if another call carries the proof.
	pub tip: Option<u64>,
}

impl Step {
	/// Returns a chain block in place of a proof.
	pub fn without_a_proof(self) -> Self {
		match self {
			Self::Prove(_) => Self::Blocks {
				number: 1,
				interval: Interval::Tick,
				has_seed: true,
				weight: PollWeight::Enough,
			},
			_ => self,
		}
	}
}

fn anyone() -> impl Strategy<Value = u64> {
	prop_oneof![
		5 => prop::sample::select(PROVERS.to_vec()),
		1 => prop::sample::select(OPERATORS.to_vec()),
		1 => prop::sample::select(PROPOSERS.to_vec()),
		1 => Just(59),
		1 => Just(STRANGER),
	]
}

fn prover() -> impl Strategy<Value = u64> {
	prop::sample::select(PROVERS.to_vec())
}

fn root() -> impl Strategy<Value = RootChoice> {
	prop_oneof![
		3 => Just(RootChoice::True),
		1 => Just(RootChoice::InForce),
		2 => Just(RootChoice::Proven),
		2 => (0..4u64).prop_map(RootChoice::Invented),
	]
}

fn proof() -> impl Strategy<Value = Step> {
	let block =
		(prop_oneof![5 => Just(0), 6 => 1..DRAWN, 1 => DRAWN..20], prop::bool::weighted(0.05));
	let accounts = (
		prop::option::weighted(0.2, anyone()),
		prop_oneof![
			6 => Just(Signer::Prover),
			2 => Just(Signer::Operator),
			2 => anyone().prop_map(Signer::Other),
		],
	);
	let transition = (
		prop::option::weighted(0.15, 0..4u64),
		prop_oneof![6 => Just(RootChoice::True), 1 => (0..4u64).prop_map(RootChoice::Invented)],
		prop_oneof![1 => Just(0), 8 => 0..=100u64, 1 => Just(101)],
		prop::bool::weighted(0.93),
	);
	let tip = prop::option::weighted(0.5, prop_oneof![Just(0), Just(u64::MAX), any::<u64>()]);
	(block, accounts, transition, tip).prop_map(|(block, accounts, transition, tip)| {
		Step::Prove(ProofStep {
			ahead: block.0,
			is_after_settled: block.1,
			prover: accounts.0,
			signer: accounts.1,
			parent: transition.0,
			root: transition.1,
			gas: transition.2,
			is_valid: transition.3,
			tip,
		})
	})
}

fn proposal() -> impl Strategy<Value = Step> {
	let who = prop_oneof![8 => prop::sample::select(PROPOSERS.to_vec()), 1 => anyone()];
	let gas_limit = prop_oneof![
		1 => prop::sample::select(vec![0, 1, 30_000_000, 30_000_001, u32::MAX]),
		8 => 1..3_000_000u32,
	];
	let bid = prop_oneof![6 => Just(Bid::Enough), 1 => Just(Bid::Exact), 1 => Just(Bid::OneLess)];
	(who, 0..1_024u64, gas_limit, bid).prop_map(|(who, size, gas_limit, bid)| Step::Propose {
		who,
		size,
		gas_limit,
		bid,
	})
}

fn weight() -> impl Strategy<Value = PollWeight> {
	prop_oneof![
		12 => Just(PollWeight::Enough),
		1 => (0..1_500u64).prop_map(PollWeight::Little),
		1 => Just(PollWeight::None),
	]
}

fn chain_blocks() -> impl Strategy<Value = Step> {
	let interval = prop_oneof![
		6 => Just(Interval::Tick),
		1 => Just(Interval::Half),
		1 => Just(Interval::Millisecond),
		1 => Just(Interval::Gap),
	];
	let number = prop_oneof![6 => 1..4u64, 2 => 4..15u64];
	(number, interval, prop::bool::weighted(0.8), weight()).prop_map(
		|(number, interval, has_seed, weight)| Step::Blocks { number, interval, has_seed, weight },
	)
}

fn stake() -> impl Strategy<Value = Step> {
	let amount =
		prop_oneof![8 => 250..4_000u32, 1 => Just(0), 1 => Just(u32::MAX), 1 => any::<u32>()];
	let price = prop_oneof![
		4 => prop::sample::select(vec![0, 1, 75, 100, 101, 125, 5_000, u16::MAX]),
		4 => 60..140u16,
	];
	(prover(), amount, price, 0..5u16).prop_map(|(who, amount, price, capacity)| Step::Stake {
		who,
		amount,
		price,
		capacity,
	})
}

fn pool() -> impl Strategy<Value = Step> {
	let operator = prop::option::weighted(0.8, prop::sample::select(OPERATORS.to_vec()));
	prop_oneof![
		8 => stake(),
		1 => prover().prop_map(|who| Step::Stake { who, amount: 0, price: 0, capacity: 0 }),
		2 => anyone().prop_map(|who| Step::Exit { who }),
		2 => anyone().prop_map(|who| Step::Withdraw { who }),
		2 => (anyone(), operator).prop_map(|(who, operator)| Step::SetOperator { who, operator }),
		1 => (prop::sample::select(OPERATORS.to_vec()), prover())
			.prop_map(|(signer, prover)| Step::ExitFor { signer, prover }),
		1 => (anyone(), prover()).prop_map(|(signer, prover)| Step::ExitFor { signer, prover }),
	]
}

fn governance() -> impl Strategy<Value = Step> {
	prop_oneof![
		5 => (0..20u64, root()).prop_map(|(ahead, root)| Step::Override { ahead, root }),
		8 => Just(Step::ResumeDraws),
		2 => Just(Step::Pause),
		7 => Just(Step::Resume),
		2 => (0..6u64).prop_map(|ahead| Step::OpenUndrawn { ahead }),
		1 => Just(Step::AddKey),
		2 => (0..4u32).prop_map(|back| Step::ActivateKey { back }),
		2 => (0..4u32).prop_map(|back| Step::RemoveKey { back }),
		4 => (0..3u32, prop::bool::weighted(0.8))
			.prop_map(|(back, is_paused_for)| Step::ReplaceKey { back, is_paused_for }),
		1 => parameters().prop_map(Step::SetParameters),
		1 => any::<u64>().prop_map(|tip| Step::Control { tip }),
		1 => (prop::sample::select(PROPOSERS.to_vec()), 1..4u128, any::<bool>())
			.prop_map(|(who, part, is_recorded)| Step::Cut { who, part, is_recorded }),
	]
}

/// Returns the steps of a run.
pub fn steps() -> impl Strategy<Value = Step> {
	prop_oneof![
		15 => proposal(),
		35 => proof(),
		23 => chain_blocks(),
		2 => (any::<bool>(), weight())
			.prop_map(|(is_exact, weight)| Step::PassDeadline { is_exact, weight }),
		12 => pool(),
		13 => governance(),
	]
}
