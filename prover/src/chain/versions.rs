// SPDX-License-Identifier: Apache-2.0

//! Metadata of the runtime versions by which the bodies of unsettled blocks are encoded.
//!
//! A node without the states of old blocks cannot serve their metadata. The hash of a payload shows
//! by which version its body is decoded, so the version of a chain block is not needed.

use super::body::{find_payloads, Payloads};
use anyhow::{Context, Result};
use std::{collections::BTreeMap, fmt};
use subxt::{utils::H256, ArcMetadata, Metadata};

/// Maximum number of versions that are kept.
pub const MAX_VERSIONS: usize = 8;

/// Metadata of one runtime version.
#[derive(Clone)]
pub struct Version {
	/// Version of the runtime's specification.
	pub spec_version: u32,
	/// Encoded metadata.
	pub bytes: Vec<u8>,
	metadata: ArcMetadata,
}

impl fmt::Debug for Version {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "Version({})", self.spec_version)
	}
}

impl Version {
	/// Decodes the metadata of a version.
	pub fn new(spec_version: u32, bytes: Vec<u8>) -> Result<Self> {
		let metadata = Metadata::decode_from(&bytes).with_context(|| {
			format!("the metadata of runtime version {spec_version} is damaged")
		})?;
		Ok(Self { spec_version, bytes, metadata: metadata.arc() })
	}
}

/// Known versions, from the newest to the oldest.
#[derive(Clone, Debug, Default)]
pub struct Versions(Vec<Version>);

impl Versions {
	/// Adds a version, or replaces its metadata. Drops the oldest one if there are too many.
	pub fn add(&mut self, version: Version) {
		self.0.retain(|known| known.spec_version != version.spec_version);
		self.0.push(version);
		self.0.sort_by_key(|version| std::cmp::Reverse(version.spec_version));
		self.0.truncate(MAX_VERSIONS);
	}

	/// Returns `true` if another version can be added without dropping one.
	pub fn has_room(&self) -> bool {
		self.0.len() < MAX_VERSIONS
	}

	/// Returns `true` if this version is known.
	pub fn contains(&self, spec_version: u32) -> bool {
		self.get(spec_version).is_some()
	}

	/// Returns a version.
	pub fn get(&self, spec_version: u32) -> Option<&Version> {
		self.0.iter().find(|version| version.spec_version == spec_version)
	}

	/// Returns the versions, from the newest to the oldest.
	pub fn iter(&self) -> impl Iterator<Item = &Version> {
		self.0.iter()
	}

	/// Returns the payloads with these hashes and sizes, as far as the body contains them.
	pub fn find_payloads(&self, body: &[Vec<u8>], mut wanted: BTreeMap<H256, u32>) -> Payloads {
		let mut found = Payloads::new();
		for version in &self.0 {
			if wanted.is_empty() {
				break;
			}
			found.extend(find_payloads(&version.metadata, body, &wanted));
			wanted.retain(|hash, _| !found.contains_key(hash));
		}
		found
	}
}
