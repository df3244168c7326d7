// SPDX-License-Identifier: Apache-2.0

//! Keys of the chain's rules versions, and the proving keys for them.

use super::{deliver::Job, ChainKey, Worker};
use crate::{
	chain::Snapshot,
	progress,
	queue::{Queue, Right},
	rollup::{Keys, ProvingKeys},
};
use anyhow::{anyhow, Result};
use std::{collections::BTreeMap, sync::Arc};
use tracing::{error, info};

impl Worker {
	/// Reads the keys of the rules versions that matter. Returns a version without a proving key that
	/// is active or that a reserved block has.
	pub(super) async fn read_keys(
		&mut self,
		best: &Snapshot,
		queue: &Queue,
	) -> Result<Option<u32>> {
		let active = best.active_version().await?;
		// `true` for the versions without which the prover misses blocks.
		let mut versions: BTreeMap<u32, bool> =
			active.map(|version| (version, true)).into_iter().collect();
		for (block_id, block) in queue.unproven() {
			if let Some(right) = queue.right(*block_id, &self.policy.account) {
				let is_reserved = matches!(right, Right::Reserved { .. });
				*versions.entry(block.rules_version).or_default() |= is_reserved;
			}
		}
		let mut chain_keys = BTreeMap::new();
		let mut missing = None;
		for (version, is_needed) in versions {
			let verifying_key = best.key(version).await?;
			let before = self.chain_keys.get(&version).cloned();
			let key = match before.filter(|before| before.verifying_key == verifying_key) {
				Some(before) if before.keys.is_some() => before,
				_ => self.chain_key(verifying_key),
			};
			if key.keys.is_none() && is_needed && !self.generates(&key) {
				missing = Some(version);
			}
			chain_keys.insert(version, key);
		}
		self.chain_keys = chain_keys;
		Ok(missing)
	}

	/// Returns the newest rules version that can be proven.
	pub(super) fn key_version(&self) -> Option<u32> {
		let provable = self.chain_keys.iter().filter(|(_, key)| key.keys.is_some());
		provable.map(|(version, _)| *version).max()
	}

	/// Finds the proving key for a key of the chain, also if it was installed meanwhile.
	fn chain_key(&mut self, verifying_key: Option<Vec<u8>>) -> ChainKey {
		let Some(bytes) = &verifying_key else {
			return ChainKey { verifying_key, keys: None };
		};
		if self.keys.find(bytes).is_none() {
			self.keys.load_new();
		}
		ChainKey { keys: self.keys.find(bytes), verifying_key }
	}

	/// Returns `true` if the proving key can be generated, which is started.
	fn generates(&mut self, key: &ChainKey) -> bool {
		let can_generate = !self.is_generation_broken
			&& key.verifying_key.as_deref().is_some_and(ProvingKeys::can_generate);
		if can_generate && self.generating.is_none() {
			info!("Generating the proving key, which can take a minute.");
			let job = self.jobs.spawn_blocking(|| {
				let _clock = progress::clock("Generating the proving key");
				Job::Generated { result: ProvingKeys::generate() }
			});
			self.generating = Some(job.id());
		}
		can_generate
	}

	/// Records the proving key that was generated.
	pub(super) fn generated(&mut self, result: Result<Arc<Keys>>) {
		self.generating = None;
		let is_of_use = |keys: &Keys| ProvingKeys::can_generate(&keys.verifying_key());
		let result = result.and_then(|keys| match is_of_use(&keys) {
			true => Ok(keys),
			false => Err(anyhow!("its verifying key is another one")),
		});
		match result {
			Ok(keys) => self.keys.keep(keys),
			Err(error) => {
				error!("Cannot generate the proving key: {error:#}. A restart tries it again.");
				self.is_generation_broken = true;
			},
		}
	}
}
