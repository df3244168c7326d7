// SPDX-License-Identifier: Apache-2.0

//! Formats of amounts and times.

/// Returns an amount of the currency's smallest unit in tokens, exactly.
pub fn tokens(amount: u128, one_token: u128) -> String {
	let one_token = one_token.max(1);
	let (whole, mut rest) = (amount / one_token, amount % one_token);
	let mut text = whole.to_string();
	if rest > 0 {
		text.push('.');
	}
	// One digit at a time, because the value of a token may be no power of ten. No currency has
	// more than 38 decimals.
	for _ in 0..38 {
		let Some(digits) = rest.checked_mul(10).filter(|_| rest > 0) else {
			break;
		};
		text.push_str(&(digits / one_token).to_string());
		rest = digits % one_token;
	}
	text
}

/// Returns a number of seconds in its two largest units.
pub fn duration(seconds: u64) -> String {
	let units = [("d", seconds / 86_400), ("h", seconds / 3_600 % 24), ("min", seconds / 60 % 60)];
	let mut parts: Vec<String> = units
		.iter()
		.chain([&("s", seconds % 60)])
		.skip_while(|(_, count)| *count == 0)
		.take(2)
		.filter(|(_, count)| *count > 0)
		.map(|(unit, count)| format!("{count} {unit}"))
		.collect();
	if parts.is_empty() {
		parts.push("0 s".into());
	}
	parts.join(" ")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn amounts_are_exact() {
		const ONE: u128 = 1_000_000_000_000;
		assert_eq!(tokens(0, ONE), "0");
		assert_eq!(tokens(1, ONE), "0.000000000001");
		assert_eq!(tokens(ONE, ONE), "1");
		assert_eq!(tokens(12 * ONE + ONE / 4, ONE), "12.25");
		assert_eq!(tokens(7, 1), "7");
		assert_eq!(tokens(u128::MAX, ONE), "340282366920938463463374607.431768211455");
	}

	#[test]
	fn a_duration_has_two_units_at_most() {
		assert_eq!(duration(0), "0 s");
		assert_eq!(duration(59), "59 s");
		assert_eq!(duration(60), "1 min");
		assert_eq!(duration(61), "1 min 1 s");
		assert_eq!(duration(3_601), "1 h");
		assert_eq!(duration(604_800), "7 d");
		assert_eq!(duration(604_799), "6 d 23 h");
	}
}
