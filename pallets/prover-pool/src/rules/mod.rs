// SPDX-License-Identifier: Apache-2.0

//! The rules of the pool as functions over plain values, without storage, clock or currency.

pub mod draw;
pub mod membership;
pub mod parameters;
pub mod slashing;

/// Number of basis points in a whole.
pub const BASIS_POINTS: u32 = 10_000;
