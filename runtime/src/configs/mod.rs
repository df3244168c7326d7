// SPDX-License-Identifier: Apache-2.0

//! Configuration of each pallet, with reasons.

mod accounts;
mod consensus;
mod governance;
mod relay_state;
mod rollup;
mod system;
mod xcm;

pub use accounts::{MaxProxies, ProxyType};
pub use consensus::{
	ConsensusHook, BLOCK_PROCESSING_VELOCITY, RELAY_PARENT_OFFSET, SESSION_LENGTH,
	UNINCLUDED_SEGMENT_CAPACITY,
};
pub use governance::{dynamic_params, RuntimeParameters};
pub use rollup::MaxPayloadSize;
pub use system::{
	ExistentialDeposit, RuntimeBlockLength, RuntimeBlockWeights, MAXIMUM_BLOCK_WEIGHT,
};
pub use xcm::{LocationToAccountId, NativeLocation, XcmConfig, XcmRouter};
