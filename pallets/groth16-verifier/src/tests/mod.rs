// SPDX-License-Identifier: Apache-2.0

//! One file a subject. `r14_` and `r15_` name the rule of a test, `attack_` an attack.

mod config;
mod encoding;
mod equation;
mod forgery;
mod genesis;
mod invariants;
mod keys;
mod points;
mod proofs;
