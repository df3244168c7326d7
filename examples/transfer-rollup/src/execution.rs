// SPDX-License-Identifier: Apache-2.0

//! [`State::execute`](crate::State::execute) as constraints.

use crate::transfers::TRANSFER_GAS;
use ark_bn254::Fr;
use ark_r1cs_std::{
	boolean::Boolean,
	convert::ToBitsGadget,
	eq::EqGadget,
	fields::{fp::FpVar, FieldVar},
	uint8::UInt8,
};
use ark_relations::gr1cs::SynthesisError;

/// Bits of a balance.
pub const BALANCE_BITS: usize = 64;
/// Bits of an amount of gas.
pub const GAS_BITS: usize = 32;
/// Bits of an account's number.
const ACCOUNT_BITS: usize = 4;

/// State between two transfers. Balances are always below 2^64, and gas below 2^32.
pub struct Execution {
	/// Balance of each account.
	pub balances: Vec<FpVar<Fr>>,
	/// Gas that earlier transfers have not used.
	pub gas_left: FpVar<Fr>,
}

impl Execution {
	/// Executes a transfer. It runs only if `executes`.
	pub fn transfer(
		&mut self,
		executes: &Boolean<Fr>,
		bytes: &[UInt8<Fr>],
	) -> Result<(), SynthesisError> {
		let (from, to, amount) = (&bytes[0], &bytes[1], &bytes[2..]);
		let amount = Boolean::le_bits_to_fp(&amount.to_bits_le()?)?;
		let transfer_gas = FpVar::constant(Fr::from(TRANSFER_GAS));
		let (from_exists, is_sender) = self.find(from)?;
		let (to_exists, is_receiver) = self.find(to)?;

		let sent = at_least(&self.balance(&is_sender), &amount, BALANCE_BITS)?;
		let overflows = at_least(
			&(self.balance(&is_receiver) + &amount),
			&power_of_two(BALANCE_BITS),
			BALANCE_BITS,
		)?;
		// A transfer to its sender needs no room, because the balance does not grow.
		let has_room = !overflows | from.is_eq(to)?;
		let has_gas = at_least(&self.gas_left, &transfer_gas, GAS_BITS)?;
		let runs = Boolean::kary_and(&[
			executes.clone(),
			from_exists,
			to_exists,
			amount.is_neq(&FpVar::zero())?,
			sent,
			has_room,
			has_gas,
		])?;

		let moved = FpVar::from(runs.clone()) * &amount;
		for (balance, (sends, receives)) in
			self.balances.iter_mut().zip(is_sender.into_iter().zip(is_receiver))
		{
			*balance += (FpVar::from(receives) - FpVar::from(sends)) * &moved;
		}
		self.gas_left -= FpVar::from(runs) * transfer_gas;
		Ok(())
	}

	/// Returns `true` if the account exists, and a selector that is `true` at its index. An account
	/// that does not exist selects an arbitrary index.
	fn find(&self, account: &UInt8<Fr>) -> Result<(Boolean<Fr>, Vec<Boolean<Fr>>), SynthesisError> {
		let bits = account.to_bits_le()?;
		let (low, high) = bits.split_at(ACCOUNT_BITS);
		let exists = !Boolean::kary_or(high)?;
		let index = Boolean::le_bits_to_fp(low)?;
		let is_it = (0u64..)
			.zip(&self.balances)
			.map(|(i, _)| index.is_eq(&FpVar::constant(Fr::from(i))))
			.collect::<Result<_, _>>()?;
		Ok((exists, is_it))
	}

	/// Returns the balance of the selected account.
	fn balance(&self, is_it: &[Boolean<Fr>]) -> FpVar<Fr> {
		self.balances
			.iter()
			.zip(is_it)
			.map(|(balance, is_it)| FpVar::from(is_it.clone()) * balance)
			.sum()
	}
}

/// Returns `true` if `a >= b`. Satisfied only if `a - b` is at least -2^`bits` and below 2^`bits`.
fn at_least(a: &FpVar<Fr>, b: &FpVar<Fr>, bits: usize) -> Result<Boolean<Fr>, SynthesisError> {
	let shifted = a - b + power_of_two(bits);
	let (shifted, _) = shifted.to_bits_le_with_top_bits_zero(bits + 1)?;
	Ok(shifted[bits].clone())
}

fn power_of_two(exponent: usize) -> FpVar<Fr> {
	FpVar::constant(Fr::from(1u128 << exponent))
}
