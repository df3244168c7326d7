// SPDX-License-Identifier: Apache-2.0

//! How each pallet is configured, and why so.

mod consensus;
mod governance;
mod operators;
mod rollup;
mod system;
mod xcm;

pub use consensus::{
	ConsensusHook, BLOCK_PROCESSING_VELOCITY, RELAY_PARENT_OFFSET, SESSION_LENGTH,
	UNINCLUDED_SEGMENT_CAPACITY,
};
pub use governance::{dynamic_params, RuntimeParameters};
pub use operators::{MaxProxies, ProxyType};
pub use rollup::MaxPayloadSize;
pub use system::{
	ExistentialDeposit, RuntimeBlockLength, RuntimeBlockWeights, MAXIMUM_BLOCK_WEIGHT,
};
pub use xcm::{LocationToAccountId, NativeLocation, XcmConfig, XcmRouter};
