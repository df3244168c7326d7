// SPDX-License-Identifier: Apache-2.0

//! Only true statements satisfy the constraints.

use super::*;
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field, PrimeField};
use ark_relations::gr1cs::{
	ConstraintSynthesizer, ConstraintSystem, Matrix, OptimizationGoal, R1CS_PREDICATE_LABEL,
};

/// Index of the public input in the values. The first value is the constant 1.
const INPUT: usize = 1;

/// Constraints with values for their variables. Row `i` is (A·z)ᵢ · (B·z)ᵢ = (C·z)ᵢ.
struct System {
	matrices: [Matrix<Fr>; 3],
	values: Vec<Fr>,
}

impl System {
	fn of(circuit: TransferCircuit) -> Self {
		let cs = ConstraintSystem::new_ref();
		cs.set_optimization_goal(OptimizationGoal::Constraints);
		circuit.generate_constraints(cs.clone()).unwrap();
		cs.finalize();
		let matrices = cs.to_matrices().unwrap().remove(R1CS_PREDICATE_LABEL).unwrap();
		Self {
			matrices: matrices.try_into().unwrap(),
			values: [cs.instance_assignment().unwrap(), cs.witness_assignment().unwrap()].concat(),
		}
	}

	/// Returns one side of a row: (A·z)ᵢ for matrix 0, (B·z)ᵢ for 1, (C·z)ᵢ for 2.
	fn side(&self, matrix: usize, row: usize) -> Fr {
		let entries = &self.matrices[matrix][row];
		entries.iter().map(|(factor, column)| *factor * self.values[*column]).sum()
	}

	fn is_row_satisfied(&self, row: usize) -> bool {
		self.side(0, row) * self.side(1, row) == self.side(2, row)
	}

	/// Returns `true` if `rows` is one row, in which the variable is only a factor of 0.
	fn is_multiplied_by_zero(&self, variable: usize, rows: &[usize]) -> bool {
		let &[row] = rows else {
			return false;
		};
		let is_in = |matrix: usize| {
			self.matrices[matrix][row].iter().any(|(_, column)| *column == variable)
		};
		match [0, 1, 2].map(is_in) {
			[true, false, false] => self.side(1, row) == Fr::ZERO,
			[false, true, false] => self.side(0, row) == Fr::ZERO,
			_ => false,
		}
	}

	fn is_satisfied(&self) -> bool {
		(0..self.matrices[0].len()).all(|row| self.is_row_satisfied(row))
	}

	/// Returns `true` if the constraints are satisfied with the public input of this statement and
	/// no other change.
	fn shows(&mut self, statement: &Statement<[u8; 32]>) -> bool {
		let input = Fr::from_be_bytes_mod_order(&public_input(&statement.encode()));
		let before = std::mem::replace(&mut self.values[INPUT], input);
		let satisfied = self.is_satisfied();
		self.values[INPUT] = before;
		satisfied
	}

	/// Returns the rows of each variable.
	fn rows(&self) -> Vec<Vec<usize>> {
		let mut rows = vec![vec![]; self.values.len()];
		for matrix in &self.matrices {
			for (row, entries) in matrix.iter().enumerate() {
				for (_, column) in entries {
					rows[*column].push(row);
				}
			}
		}
		rows
	}
}

/// Returns a change of each field.
fn changes() -> [fn(&mut Statement<[u8; 32]>); 9] {
	[
		|statement| statement.chain[31] ^= 1,
		|statement| statement.block_id ^= 1 << 63,
		|statement| statement.payload_hash[0] ^= 0x80,
		|statement| statement.payload_size ^= 1 << 31,
		|statement| statement.gas_limit ^= 1 << 31,
		|statement| statement.transition.parent_state_root[31] ^= 1,
		|statement| statement.transition.state_root[31] ^= 1,
		|statement| statement.transition.gas_used ^= 1 << 31,
		|statement| statement.prover[31] ^= 1,
	]
}

#[test]
fn only_the_true_statement_satisfies_the_constraints() {
	let (parent, payload, gas_limit) = busy_block();
	let mut system = System::of(circuit(&parent, &payload, gas_limit));
	let statement = statement(&parent, &payload, gas_limit);
	assert!(system.shows(&statement));
	for (index, change) in changes().iter().enumerate() {
		let mut other = statement.clone();
		change(&mut other);
		assert!(!system.shows(&other), "field {index}");
	}
	// The two state roots must not be interchangeable.
	let mut other = statement.clone();
	let Transition { parent_state_root, state_root, .. } = &mut other.transition;
	std::mem::swap(parent_state_root, state_root);
	assert!(!system.shows(&other));
}

#[test]
fn an_input_plus_a_multiple_of_two_to_the_253_is_not_accepted() {
	let (parent, payload, gas_limit) = busy_block();
	let mut system = System::of(circuit(&parent, &payload, gas_limit));
	let power = Fr::from(2).pow([253]);
	for other in [system.values[INPUT] + power, system.values[INPUT] - power] {
		system.values[INPUT] = other;
		assert!(!system.is_satisfied());
	}
}

/// The prover may choose the other fields of the statement.
#[test]
fn fields_that_execution_does_not_determine_can_be_chosen() {
	let parent = State::genesis();
	let mut circuit = circuit(&parent, &payload(&[(0, 1, 1)]), TRANSFER_GAS);
	circuit.statement.chain = [9; 32];
	circuit.statement.block_id = u64::MAX;
	circuit.statement.prover = [9; 32];
	assert!(System::of(circuit).is_satisfied());
}

#[test]
fn a_payload_of_another_size_is_proven_as_a_no_op() {
	let parent = State::genesis();
	let full = payload(&[(0, 1, 1); TRANSFERS]);
	for payload in [vec![], full[..PAYLOAD_SIZE - 1].to_vec(), [full.clone(), vec![0]].concat()] {
		let Transition { parent_state_root, state_root, gas_used } =
			statement(&parent, &payload, u32::MAX).transition;
		assert_eq!((parent_state_root, gas_used), (state_root, 0));
		assert!(System::of(circuit(&parent, &payload, u32::MAX)).is_satisfied());
	}
}

#[test]
fn a_payload_of_another_size_cannot_be_executed() {
	let parent = State::genesis();
	let executed = circuit(&parent, &payload(&[(0, 1, 1); TRANSFERS]), u32::MAX);
	for payload_size in [0, 47, 49, 48 | 1 << 31] {
		let mut circuit = executed.clone();
		circuit.statement.payload_size = payload_size;
		assert!(!System::of(circuit).is_satisfied());
	}
}

#[test]
fn another_payload_cannot_be_executed() {
	let parent = State::genesis();
	let honest = circuit(&parent, &payload(&[(0, 1, 1)]), u32::MAX);
	let mut other = circuit(&parent, &payload(&[(0, 1, 2)]), u32::MAX);
	other.statement.payload_hash = honest.statement.payload_hash;
	assert!(!System::of(other).is_satisfied());
}

#[test]
fn other_balances_cannot_be_executed() {
	let mut circuit = circuit(&State::genesis(), &payload(&[(0, 1, 1)]), u32::MAX);
	circuit.parent.balances[0] += 1;
	assert!(!System::of(circuit).is_satisfied());
}

/// The prover could choose a variable that no constraint determines, and with it dependent values.
///
/// There are harmless exceptions. To show that a number is not 0, the library multiplies it with
/// its inverse. If the number is 0, the inverse is arbitrary, and no value depends on it.
#[test]
fn no_variable_that_matters_can_be_changed_alone() {
	let (parent, payload, gas_limit) = busy_block();
	let mut system = System::of(circuit(&parent, &payload, gas_limit));
	assert!(system.is_satisfied());
	let rows = system.rows();
	for (variable, rows) in rows.iter().enumerate().skip(INPUT) {
		let before = system.values[variable];
		// The other value of a bit, and two that are not bits. The last exceeds 64 bits.
		let others = [Fr::ONE - before, before + Fr::from(2), before - Fr::from(u128::MAX)];
		for other in others.into_iter().filter(|other| *other != before) {
			system.values[variable] = other;
			let goes_unnoticed = rows.iter().all(|row| system.is_row_satisfied(*row));
			assert!(
				!goes_unnoticed || system.is_multiplied_by_zero(variable, rows),
				"variable {variable} of {before} can be {other}"
			);
		}
		system.values[variable] = before;
	}
}

#[test]
fn there_are_as_many_constraints_as_documented() {
	let (parent, payload, gas_limit) = busy_block();
	let system = System::of(circuit(&parent, &payload, gas_limit));
	assert_eq!(system.matrices[0].len(), 174_468);
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(8))]

	#[test]
	fn the_result_of_native_execution_satisfies_the_constraints(
		parent in states(),
		payload in prop_oneof![
			4 => payloads(),
			1 => proptest::collection::vec(any::<u8>(), 0..100),
		],
		gas_limit in gas_limits(),
		other in states(),
	) {
		let mut system = System::of(circuit(&parent, &payload, gas_limit));
		let statement = statement(&parent, &payload, gas_limit);
		prop_assert!(system.shows(&statement));
		let state_root = other.root();
		prop_assume!(state_root != statement.transition.state_root);
		let transition = Transition { state_root, ..statement.transition };
		let other = Statement { transition, ..statement };
		prop_assert!(!system.shows(&other));
	}
}
