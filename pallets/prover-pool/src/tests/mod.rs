// SPDX-License-Identifier: Apache-2.0

//! One file a subject; each test names the rule that it holds.

mod staking;
