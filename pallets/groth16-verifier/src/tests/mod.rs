// SPDX-License-Identifier: Apache-2.0

//! One file a subject.

mod config;
mod equation;
mod genesis;
mod keys;
mod points;
mod proofs;
