// SPDX-License-Identifier: Apache-2.0

//! Selection of the node of a session.

use std::collections::{BTreeMap, BTreeSet};

/// Number of failed sessions after which a node counts as tried. A node that restarts refuses some.
const MAX_FAILURES: u32 = 6;

/// Nodes of the chain, of which one is used at a time.
///
/// A session has one node, and the next session the next. subxt's `RoundRobinRpcClient` would ask another
/// node with each request, whose chain may differ.
pub struct Nodes {
	urls: Vec<String>,
	current: usize,
	/// Nodes that were tried while another one may be of more use.
	tried: BTreeSet<usize>,
	/// Numbers of sessions that failed meanwhile, by node.
	failures: BTreeMap<usize, u32>,
}

impl Nodes {
	/// Returns the nodes at these URLs, the preferred one first.
	pub fn new(urls: Vec<String>) -> Self {
		Self { urls, current: 0, tried: BTreeSet::new(), failures: BTreeMap::new() }
	}

	/// Returns the URL of the node of this session.
	pub fn url(&self) -> &str {
		self.urls.get(self.current).map_or("", String::as_str)
	}

	/// Returns `true` if there is another node.
	pub fn has_others(&self) -> bool {
		self.urls.len() > 1
	}

	/// Returns `true` if this node, which was tried, is to be left, because another one may be of more
	/// use. Each node is tried once while the reason lasts.
	pub fn leaves(&mut self, needs_other_node: bool) -> bool {
		if !needs_other_node {
			self.tried.clear();
			self.failures.clear();
			return false;
		}
		self.tried.insert(self.current);
		self.tried.len() < self.urls.len()
	}

	/// Selects the node of the next session, after this one failed.
	pub fn rotate(&mut self) {
		if !self.tried.is_empty() {
			let failures = self.failures.entry(self.current).or_default();
			*failures = failures.saturating_add(1);
			if *failures >= MAX_FAILURES {
				self.tried.insert(self.current);
			}
		}
		self.current = self.current.wrapping_add(1).checked_rem(self.urls.len()).unwrap_or(0);
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn each_other_node_is_tried_once_while_the_reason_lasts() {
		let mut nodes = Nodes::new(["a", "b", "c"].map(String::from).to_vec());
		let needs = [true, true, true, false, true, true, true];
		let leaves = needs.map(|needs_other_node| {
			let leaves = nodes.leaves(needs_other_node);
			if leaves {
				nodes.rotate();
			}
			leaves
		});
		assert_eq!(leaves, [true, true, false, false, true, true, false]);
		let mut alone = Nodes::new(vec!["a".into()]);
		assert!(!alone.leaves(true) && !alone.has_others());
	}

	#[test]
	fn a_node_that_cannot_be_reached_is_tried_again_but_not_without_end() {
		let mut nodes = Nodes::new(vec!["a".into(), "b".into()]);
		// The second node refuses each connection.
		let mut visits = 0;
		while nodes.leaves(true) {
			nodes.rotate();
			nodes.rotate();
			visits += 1;
		}
		assert_eq!((visits, nodes.url()), (MAX_FAILURES, "a"));

		let mut nodes = Nodes::new(vec!["a".into(), "b".into()]);
		assert!(nodes.leaves(true));
		// The second node refuses the first connection only.
		(0..2).for_each(|_| nodes.rotate());
		assert!(nodes.leaves(true), "the second node was not tried");
		nodes.rotate();
		assert!(!nodes.leaves(true) && nodes.url() == "b", "both were tried");
	}

	#[test]
	fn nodes_take_turns() {
		let mut nodes = Nodes::new(vec!["a".into(), "b".into()]);
		let mut seen = Vec::new();
		for _ in 0..3 {
			seen.push(nodes.url().to_owned());
			nodes.rotate();
		}
		assert_eq!(seen, ["a", "b", "a"]);
	}
}
