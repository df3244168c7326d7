// SPDX-License-Identifier: Apache-2.0

//! Proofs: by the assigned prover, its operator and strangers, as a transaction or in another call.

use super::{
	drive::{name, Run},
	steps::{ProofStep, RootChoice, Signer, DRAWN, PROVERS},
};
use crate::{
	mock::*,
	tests::model::{Answer, Entry, Outcome, Transition},
	Call,
};
use frame_support::{
	dispatch::{DispatchResultWithPostInfo, GetDispatchInfo},
	pallet_prelude::{Pays, TransactionSource, TransactionValidityError},
};
use sp_runtime::traits::{DispatchTransaction, Dispatchable};

/// Proof as it is sent.
struct Proof {
	signer: u64,
	block: u64,
	prover: u64,
	transition: Transition,
	is_valid: bool,
}

impl Proof {
	fn call(&self) -> RuntimeCall {
		let Transition { parent, root, gas_used } = self.transition;
		let transition = crate::Transition {
			parent_state_root: wrong(parent),
			state_root: wrong(root),
			gas_used: gas_used as u32,
		};
		let proof = match self.is_valid {
			true => valid_proof(self.prover, self.block, transition),
			false => proof_of(1, b"another statement"),
		};
		let proof = proof.try_into().expect("a proof is short");
		let (block_id, prover) = (self.block, self.prover);
		Call::prove_block { block_id, prover, transition, proof }.into()
	}
}

impl Run<'_> {
	/// Proves a block, or tries to.
	pub fn prove(&mut self, step: ProofStep) {
		let proof = self.choose(&step);
		match step.tip {
			Some(tip) => self.send(proof, tip),
			None => {
				let result = proof.call().dispatch(RuntimeOrigin::signed(proof.signer));
				self.same_proof(&proof, result);
			},
		}
	}

	/// Returns the proof of a step in the present state.
	fn choose(&self, step: &ProofStep) -> Proof {
		let queue = &self.model.queue;
		let first = 1 + if step.is_after_settled { queue.settled } else { queue.proven };
		let block = match step.ahead.checked_sub(DRAWN) {
			Some(beyond) => queue.drawn + beyond,
			None => first + step.ahead % (queue.drawn + 1).saturating_sub(first).max(1),
		};
		let entry = queue.entries.get(&block);
		let assigned = entry.and_then(|entry| entry.prover).unwrap_or(PROVERS[0]);
		let prover = step.prover.unwrap_or(assigned);
		let signer = match step.signer {
			Signer::Prover => prover,
			Signer::Operator => self.model.pool.operators.get(&prover).copied().unwrap_or(prover),
			Signer::Other(who) => who,
		};
		let limit = entry.map_or(0, |entry| entry.gas_limit);
		let gas_used = if step.gas > 100 { limit + 1 } else { limit * step.gas / 100 };
		let parent = step.parent.unwrap_or(self.root_before(block));
		let root = self.root(block, step.root);
		let transition = Transition { parent, root, gas_used };
		Proof { signer, block, prover, transition, is_valid: step.is_valid }
	}

	/// Returns the root before a block, as an honest prover knows it.
	fn root_before(&self, block: u64) -> u64 {
		let queue = &self.model.queue;
		let before = block.saturating_sub(1);
		match queue.entries.get(&before).and_then(|entry| entry.stored.as_ref()) {
			_ if before == queue.proven => queue.proven_root,
			Some(stored) => stored.root,
			None => 1_000 + before,
		}
	}

	/// Returns a root after a block.
	pub fn root(&self, block: u64, choice: RootChoice) -> u64 {
		let stored = |entry: &Entry| entry.stored.clone();
		let stored = self.model.queue.entries.get(&block).and_then(stored);
		let in_force = stored.as_ref().map(|stored| stored.root);
		let proven = stored.and_then(|stored| stored.proof).map(|proof| proof.root);
		match choice {
			RootChoice::True => None,
			RootChoice::InForce => in_force,
			RootChoice::Proven => proven,
			RootChoice::Invented(root) => Some(root),
		}
		.unwrap_or(1_000 + block)
	}

	/// Sends a proof as a transaction, if the transaction pool takes it.
	fn send(&mut self, proof: Proof, tip: u64) {
		let Proof { signer, block, prover, transition, .. } = proof;
		let call = proof.call();
		let info = call.get_dispatch_info();
		let origin = RuntimeOrigin::signed(signer);
		let validity = TestLane::new(Tip(tip))
			.validate_only(origin.clone(), &call, &info, 0, TransactionSource::External, 0)
			.map(|(validity, ..)| validity.priority);
		let answer = match self.model.answer(signer, block, prover, &transition) {
			Answer::Valid(lane) => {
				Answer::Valid(self.model.control_lane(signer, GOVERNOR).or(lane))
			},
			refusal => refusal,
		};
		let expected = answer.priority(tip);
		self.count(match answer {
			Answer::Valid(Some(lane)) => format!("lane {}", name(lane)),
			_ => format!("answer {}", name(answer)),
		});
		match validity {
			Ok(priority) => assert_eq!(Some(priority), expected, "{answer:?}"),
			Err(TransactionValidityError::Unknown(_)) => assert_eq!(answer, Answer::Unknown),
			Err(TransactionValidityError::Invalid(_)) => assert_eq!(answer, Answer::Invalid),
		}
		let result = TestLane::new(Tip(tip)).dispatch_transaction(origin, call, &info, 0, 0);
		assert_eq!(result.is_ok(), expected.is_some());
		if let Ok(result) = result {
			self.same_proof(&proof, result);
		}
		if let Answer::Valid(Some(lane)) = answer {
			self.model.mark_lane(lane);
		}
	}

	/// Compares the result of a proof with that of the model, and who pays the fee.
	fn same_proof(&mut self, proof: &Proof, result: DispatchResultWithPostInfo) {
		let Proof { signer, block, prover, transition, is_valid } = *proof;
		let replaces = self.model.replaces(block);
		let outcome: Outcome = self.model.prove(signer, block, prover, transition, is_valid);
		if let Ok(info) = &result {
			let pays = if replaces { Pays::Yes } else { Pays::No };
			assert_eq!(info.pays_fee, pays, "R4: the fee of a proof");
		}
		self.same(result.map(drop).map_err(|error| error.error), outcome);
	}
}
