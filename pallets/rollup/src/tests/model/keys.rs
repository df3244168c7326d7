// SPDX-License-Identifier: Apache-2.0

//! Rules versions and their keys (R14).

use super::{Error, Event, Model, OpenReason, Outcome};

impl Model {
	/// Adds a key under the next version.
	pub fn add_key(&mut self) -> Outcome {
		self.step(|m| {
			if m.queue.keys.len() >= m.config.max_keys {
				return Err(Error::TooManyKeys);
			}
			let version = m.queue.last_version + 1;
			m.queue.last_version = version;
			m.queue.keys.insert(version, 0);
			m.emit(Event::KeyAdded { version });
			Ok(())
		})
	}

	/// Activates a version for blocks proposed from now on.
	pub fn activate_key(&mut self, version: u32) -> Outcome {
		self.step(|m| {
			m.key_of(version)?;
			if version <= m.queue.active {
				return Err(Error::NotNewer);
			}
			m.queue.active = version;
			m.emit(Event::KeyActivated { version });
			Ok(())
		})
	}

	/// Removes a key that nothing needs.
	pub fn remove_key(&mut self, version: u32) -> Outcome {
		self.step(|m| {
			m.key_of(version)?;
			if m.queue.active == version {
				return Err(Error::KeyIsActive);
			}
			if m.queue.entries.values().any(|entry| entry.version == version) {
				return Err(Error::KeyIsNeeded);
			}
			m.queue.keys.remove(&version);
			m.emit(Event::KeyRemoved { version });
			Ok(())
		})
	}

	/// Replaces the key of a version while paused: all drawn unproven blocks are open, and
	/// transitions proven by the replaced key no longer count.
	pub fn replace_key(&mut self, version: u32) -> Outcome {
		self.step(|m| {
			if !m.queue.paused {
				return Err(Error::KeyNotPaused);
			}
			let key = m.key_of(version)?;
			m.queue.keys.insert(version, key + 1);
			m.queue.open_unproven(OpenReason::KeyReplaced);
			m.emit(Event::KeyReplaced { version });
			Ok(())
		})
	}

	fn key_of(&self, version: u32) -> Result<u32, Error> {
		self.queue.keys.get(&version).copied().ok_or(Error::UnknownKey)
	}
}
