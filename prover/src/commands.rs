// SPDX-License-Identifier: Apache-2.0

//! One-shot commands of an operator.

pub mod check;
pub mod odds;
pub mod stake;
pub mod state;
pub mod status;
pub mod submit;

use crate::chain::Chain;
use anyhow::{Context, Result};

/// Connects to the first node that answers.
pub async fn connect(urls: &[String]) -> Result<Chain> {
	let mut failure = None;
	for url in urls {
		match Chain::connect(url).await {
			Ok(chain) => return Ok(chain),
			Err(error) => failure = Some(error),
		}
	}
	Err(failure.context("no node is given")?)
}
