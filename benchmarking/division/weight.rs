// SPDX-License-Identifier: Apache-2.0

//! Ways to compute a weight of rule 18, stake · capacity · fee² ÷ price², in WebAssembly, for `run.sh`
//! to time. All give the same.

#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
	core::arch::wasm32::unreachable()
}

type Weight = fn(u32, u16, u32, u32) -> u128;

fn product(stake: u32, capacity: u16, fee: u32) -> u128 {
	u128::from(stake) * u128::from(capacity) * u128::from(fee).pow(2)
}

#[inline(always)]
fn by_square(stake: u32, capacity: u16, fee: u32, price: u32) -> u128 {
	product(stake, capacity, fee) / u128::from(price).pow(2)
}

#[inline(always)]
fn twice(stake: u32, capacity: u16, fee: u32, price: u32) -> u128 {
	product(stake, capacity, fee) / u128::from(price) / u128::from(price)
}

#[inline(always)]
fn in_64_bits_if_it_fits(stake: u32, capacity: u16, fee: u32, price: u32) -> u128 {
	match u64::try_from(product(stake, capacity, fee)) {
		Ok(product) => u128::from(product / u64::from(price).pow(2)),
		Err(_) => by_square(stake, capacity, fee, price),
	}
}

/// As on paper, in digits of 32 bits.
#[inline(always)]
fn digit_by_digit(stake: u32, capacity: u16, fee: u32, price: u32) -> u128 {
	let divide = |number: u128| {
		let (mut quotient, mut rest) = (0, 0);
		for digit in (0..4).rev() {
			let part = rest << 32 | u64::from((number >> (32 * digit)) as u32);
			quotient = quotient << 32 | u128::from(part / u64::from(price));
			rest = part % u64::from(price);
		}
		quotient
	};
	divide(divide(product(stake, capacity, fee)))
}

/// Weights of offers that differ, added up so that none is left out: with the largest numbers there
/// are, or with usual ones.
#[inline(always)]
fn sum(weight: Weight, count: u32, is_largest: bool) -> u64 {
	let (mut sum, mut number) = (0u64, 1u32);
	for _ in 0..count {
		number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
		let weight = if is_largest {
			let price = u32::MAX / 4 * 3 + (number >> 28);
			weight(u32::MAX - (number >> 24), u16::MAX, u32::MAX, price)
		} else {
			let capacity = 5 + (number >> 25) as u16;
			weight(50_000 + (number >> 16), capacity, 10_000, 8_000 + (number >> 20))
		};
		sum = sum.wrapping_add(weight as u64);
	}
	sum
}

macro_rules! export {
	($($name:ident = $weight:ident),*) => { $(
		#[no_mangle]
		pub extern "C" fn $name(count: u32, is_largest: bool) -> u64 {
			sum($weight, count, is_largest)
		}
	)* };
}
export!(
	divide_by_square = by_square,
	divide_twice = twice,
	divide_in_64_bits = in_64_bits_if_it_fits,
	divide_by_digits = digit_by_digit
);
