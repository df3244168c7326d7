// SPDX-License-Identifier: Apache-2.0

//! Tests by subject.

mod seed;
mod slot_clock;
