// SPDX-License-Identifier: Apache-2.0

//! Rules of the rollup as functions over plain values, without storage, clock or currency.

pub mod admission;
pub mod bounty;
pub mod economy;
pub mod parameters;
pub mod window;

/// Number of basis points in a whole.
pub const BASIS_POINTS: u32 = 10_000;
