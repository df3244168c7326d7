// SPDX-License-Identifier: Apache-2.0

//! Search for a payload in a call.

use scale_decode::{
	visitor::{
		types::{Array, Composite, Sequence, Tuple, Variant},
		DecodeError, DecodeItemIterator, TypeIdFor, Unexpected, Visitor,
	},
	TypeResolver,
};
use sha2::{Digest, Sha256};
use std::marker::PhantomData;
use subxt::utils::H256;

type Found = Result<Option<Vec<u8>>, DecodeError>;

/// Searches a value for the byte string with a SHA-256 and a size, at any depth. The proposal of a
/// block can be part of a batch or of a proxied call.
pub struct Finder<R> {
	sha256: H256,
	size: usize,
	types: PhantomData<R>,
}

impl<R: TypeResolver> Finder<R> {
	/// Searches for `size` bytes with this hash.
	pub fn new(sha256: H256, size: u32) -> Self {
		// Cannot truncate: no supported target has less than 32 bits of address space.
		Self { sha256, size: size as usize, types: PhantomData }
	}

	fn items<'scale, 'resolver>(
		&self,
		items: &mut impl DecodeItemIterator<'scale, 'resolver, R>,
	) -> Found
	where
		R: 'resolver,
	{
		while let Some(found) = items.decode_item(Self { types: PhantomData, ..*self }) {
			if let Some(bytes) = found? {
				return Ok(Some(bytes));
			}
		}
		Ok(None)
	}
}

impl<R: TypeResolver> Visitor for Finder<R> {
	type Value<'scale, 'resolver> = Option<Vec<u8>>;
	type Error = DecodeError;
	type TypeResolver = R;

	fn visit_unexpected<'scale, 'resolver>(
		self,
		_: Unexpected,
	) -> Result<Self::Value<'scale, 'resolver>, Self::Error> {
		Ok(None)
	}

	fn visit_sequence<'scale, 'resolver>(
		self,
		value: &mut Sequence<'scale, 'resolver, R>,
		_: TypeIdFor<Self>,
	) -> Found {
		// Items of any type match, because nothing else has the same hash.
		if value.remaining() == self.size {
			if let Some(bytes) = value.bytes_from_undecoded().get(..self.size) {
				if Sha256::digest(bytes).as_slice() == self.sha256.as_bytes() {
					return Ok(Some(bytes.to_vec()));
				}
			}
		}
		self.items(value)
	}

	fn visit_composite<'scale, 'resolver>(
		self,
		value: &mut Composite<'scale, 'resolver, R>,
		_: TypeIdFor<Self>,
	) -> Found {
		self.items(value)
	}

	fn visit_tuple<'scale, 'resolver>(
		self,
		value: &mut Tuple<'scale, 'resolver, R>,
		_: TypeIdFor<Self>,
	) -> Found {
		self.items(value)
	}

	fn visit_array<'scale, 'resolver>(
		self,
		value: &mut Array<'scale, 'resolver, R>,
		_: TypeIdFor<Self>,
	) -> Found {
		self.items(value)
	}

	fn visit_variant<'scale, 'resolver>(
		self,
		value: &mut Variant<'scale, 'resolver, R>,
		_: TypeIdFor<Self>,
	) -> Found {
		self.items(value.fields())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Encode;
	use scale_decode::visitor::decode_with_visitor;
	use scale_info::{MetaType, PortableRegistry, Registry, TypeInfo};

	/// Calls in the shape of a runtime's.
	#[derive(Encode, TypeInfo)]
	enum Call {
		Batch(Vec<Call>),
		Proxy { real: [u8; 32], force: Option<u8>, call: Box<Call> },
		Remark(Vec<u8>, String, bool),
		Propose { payload: Bounded, gas_limit: u32 },
	}

	#[derive(Encode, TypeInfo)]
	struct Bounded(Vec<u8>);

	fn propose(payload: &[u8]) -> Call {
		Call::Propose { payload: Bounded(payload.to_vec()), gas_limit: 7 }
	}

	fn find(call: &Call, payload: &[u8]) -> Option<Vec<u8>> {
		find_hash(call, H256(Sha256::digest(payload).into()), payload.len() as u32)
	}

	fn find_hash(call: &Call, sha256: H256, size: u32) -> Option<Vec<u8>> {
		let mut registry = Registry::new();
		let id = registry.register_type(&MetaType::new::<Call>()).id;
		let types: PortableRegistry = registry.into();
		let bytes = call.encode();
		let input = &mut &bytes[..];
		let found = decode_with_visitor(input, id, &types, Finder::new(sha256, size)).unwrap();
		assert!(input.is_empty(), "bytes are left over");
		found
	}

	#[test]
	fn a_payload_is_found_in_the_call_itself() {
		assert_eq!(find(&propose(b"payload"), b"payload").unwrap(), b"payload");
	}

	#[test]
	fn a_payload_is_found_in_batches_and_proxied_calls() {
		let proxied = |call| Call::Proxy { real: [7; 32], force: Some(1), call: Box::new(call) };
		let call = Call::Batch(vec![
			Call::Remark(b"payloaD".to_vec(), "payload".into(), true),
			propose(b"another"),
			proxied(Call::Batch(vec![propose(b"payload"), propose(b"a third")])),
			propose(b"last"),
		]);
		for payload in [&b"payload"[..], b"another", b"a third", b"last"] {
			assert_eq!(find(&call, payload).unwrap(), payload);
		}
		assert_eq!(find(&call, b"missing"), None);
	}

	#[test]
	fn an_empty_payload_and_a_large_one_are_found() {
		assert_eq!(find(&propose(b""), b"").unwrap(), b"");
		let large = vec![0xa5; 131_072];
		assert_eq!(find(&Call::Batch(vec![propose(&large)]), &large).unwrap(), large);
	}

	#[test]
	fn both_hash_and_size_must_match() {
		let hash = H256(Sha256::digest(b"payload").into());
		let call = propose(b"payload");
		assert!(find_hash(&call, hash, 7).is_some());
		assert_eq!(find_hash(&call, hash, 6), None);
		assert_eq!(find_hash(&call, hash, 8), None);
		let mut other = hash;
		other.0[31] ^= 1;
		assert_eq!(find_hash(&call, other, 7), None);
	}
}
