// SPDX-License-Identifier: Apache-2.0

//! Metadata of several runtime versions.

use super::*;

#[tokio::test]
async fn payloads_are_found_by_the_version_that_encoded_the_body() {
	let call = RuntimeCall::Rollup(pallet_rollup::Call::propose_block {
		payload: b"payload".to_vec().try_into().unwrap(),
		gas_limit: 7,
		max_fee_per_gas: 8,
	});
	let body = [[&[5][..], &call.encode()].concat().encode()];
	let hash = H256(<sha2::Sha256 as sha2::Digest>::digest(b"payload").into());
	let wanted = std::collections::BTreeMap::from([(hash, 7)]);
	let mut versions = Versions::default();
	versions.add(Version::new(2, shifted_metadata()).unwrap());
	assert!(versions.find_payloads(&body, wanted.clone()).is_empty());
	versions.add(Version::new(1, fake::metadata()).unwrap());
	assert_eq!(versions.find_payloads(&body, wanted)[&hash], b"payload");
}

#[test]
fn the_newest_versions_are_kept() {
	let mut versions = Versions::default();
	for spec_version in 1..=10 {
		versions.add(Version::new(spec_version, fake::metadata()).unwrap());
	}
	assert!(!versions.contains(2));
	assert!(versions.contains(3) && versions.contains(10));
	assert!(Version::new(1, b"damaged".to_vec()).is_err());
}
