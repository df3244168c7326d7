// SPDX-License-Identifier: Apache-2.0

//! Formats of amounts, times and URLs.

use humantime::format_duration;
use hyper::Uri;
use std::time::Duration;

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

/// Returns a number of seconds in days, hours, minutes and seconds.
pub fn duration(seconds: u64) -> String {
	format_duration(Duration::from_secs(seconds)).to_string()
}

/// Returns scheme, host and port of the URL of a node. The rest can contain the key of a service.
pub fn host(url: &str) -> String {
	let uri = url.parse::<Uri>().ok();
	let parts = uri.as_ref().and_then(|uri| {
		let authority = uri.authority()?;
		let port = authority.port().map_or(String::new(), |port| format!(":{port}"));
		Some(format!("{}://{}{port}", uri.scheme_str()?, authority.host()))
	});
	parts.unwrap_or_else(|| "this URL".into())
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
	fn a_duration_leaves_out_units_that_are_zero() {
		assert_eq!(duration(0), "0s");
		assert_eq!(duration(61), "1m 1s");
		assert_eq!(duration(3_600), "1h");
		assert_eq!(duration(604_799), "6days 23h 59m 59s");
	}

	#[test]
	fn the_key_of_a_service_in_a_url_is_not_shown() {
		assert_eq!(host("ws://127.0.0.1:9944"), "ws://127.0.0.1:9944");
		assert_eq!(host("wss://node.example/path/key?token=secret"), "wss://node.example");
		assert_eq!(host("wss://user:secret@node.example:443/"), "wss://node.example:443");
		assert!(!host("no url").contains("no url"));
	}
}
