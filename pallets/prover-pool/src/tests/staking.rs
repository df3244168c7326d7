// SPDX-License-Identifier: Apache-2.0

use crate::mock::*;
use frame_support::assert_ok;

#[docify::export]
#[test]
fn an_operator_stakes_leaves_and_is_paid() {
	run(|| {
		let operator = 1;
		// 2,000,000 tokens, a price of 10 for each unit of gas, up to 128 blocks at the same time.
		assert_ok!(stake(operator, 2_000_000, 10, 128));
		assert_eq!(held(operator), 2_000_000);

		pass(DELAY_SECONDS);
		assert_ok!(exit(operator));

		pass(EXIT_SECONDS + 1);
		assert_ok!(withdraw(operator));
		assert_eq!(Balances::free_balance(operator), funded());
	});
}
