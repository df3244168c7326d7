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

#[cfg(test)]
mod tests {
	use super::*;

	#[tokio::test]
	async fn the_last_node_that_fails_is_named() {
		let urls = ["ws://127.0.0.1:1", "ws://127.0.0.1:2"].map(String::from);
		let error = connect(&urls).await.err().unwrap();
		assert!(error.to_string().contains("127.0.0.1:2"), "{error:#}");
		assert!(connect(&[]).await.err().unwrap().to_string().contains("no node is given"));
	}
}
