// SPDX-License-Identifier: Apache-2.0

//! Node of a validator, as the package `polkadot` has it, with the chains of Rococo only. Their
//! sessions take a minute.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
	Ok(polkadot_cli::run()?)
}
