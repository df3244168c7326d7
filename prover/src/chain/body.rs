// SPDX-License-Identifier: Apache-2.0

//! Search for payloads in the body of a chain block.
//!
//! The body is walked once, without recursion, because a proposal may be nested in 256 batches. Byte
//! strings are skipped as a whole.

use codec::{Compact, Decode};
use scale_info::{form::PortableForm, Field, PortableRegistry, TypeDef, TypeDefPrimitive};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use subxt::{ext::frame_decode::extrinsics::ExtrinsicTypeInfo, utils::H256, Metadata};

/// Payloads by their SHA-256.
pub type Payloads = BTreeMap<H256, Vec<u8>>;

/// Returns the payloads with these hashes and sizes, as far as the body contains them.
///
/// The proposal of a block can be part of a batch or of a proxied call. Extrinsics that do not match
/// the metadata are passed over: they belong to another runtime version.
pub fn find_payloads(
	metadata: &Metadata,
	body: &[Vec<u8>],
	wanted: &BTreeMap<H256, u32>,
) -> Payloads {
	let sizes: BTreeSet<usize> = wanted.values().map(|size| *size as usize).collect();
	let mut found = Payloads::new();
	for extrinsic in body {
		let mut walk = Walk::new(metadata.types(), extrinsic);
		let mut visit = |bytes: &[u8]| {
			if sizes.contains(&bytes.len()) {
				let hash = H256(Sha256::digest(bytes).into());
				if wanted.contains_key(&hash) {
					found.insert(hash, bytes.to_vec());
				}
			}
		};
		let _ = walk_extrinsic(metadata, &mut walk, &mut visit);
	}
	found
}

/// Walks an extrinsic of version 4 or 5, with its length in front. Returns `None` if it does not
/// match the metadata.
fn walk_extrinsic(
	metadata: &Metadata,
	walk: &mut Walk<'_>,
	visit: &mut impl FnMut(&[u8]),
) -> Option<()> {
	const KIND: u8 = 0b1100_0000;
	const SIGNED: u8 = 0b1000_0000;
	const GENERAL: u8 = 0b0100_0000;

	walk.compact()?;
	let extension_version = match walk.byte()? & KIND {
		SIGNED => {
			let signature = metadata.extrinsic_signature_info().ok()?;
			walk.value(signature.address_id, visit)?;
			walk.value(signature.signature_id, visit)?;
			Some(None)
		},
		GENERAL => Some(Some(walk.byte()?)),
		_ => None,
	};
	if let Some(version) = extension_version {
		for extension in metadata.extrinsic_extension_info(version).ok()?.extension_ids {
			walk.value(extension.id, visit)?;
		}
	}
	walk.value(metadata.outer_enums().call_enum_ty(), visit)
}

/// Values that remain to be walked.
struct Rest {
	type_id: u32,
	count: u64,
}

/// Walk over encoded values.
struct Walk<'a> {
	types: &'a PortableRegistry,
	input: &'a [u8],
	/// Bound of the work. A value of a type without bytes could be repeated without end.
	steps: usize,
}

impl<'a> Walk<'a> {
	fn new(types: &'a PortableRegistry, input: &'a [u8]) -> Self {
		// Each byte is wrapped in a few types at most.
		Self { types, input, steps: input.len().saturating_mul(16).saturating_add(1_024) }
	}

	/// Walks a value, and calls `visit` for each byte string in it.
	fn value(&mut self, type_id: u32, visit: &mut impl FnMut(&[u8])) -> Option<()> {
		let mut stack = vec![Rest { type_id, count: 1 }];
		while let Some(rest) = stack.last_mut() {
			let Some(count) = rest.count.checked_sub(1) else {
				stack.pop();
				continue;
			};
			rest.count = count;
			let type_id = rest.type_id;
			self.steps = self.steps.checked_sub(1)?;
			self.step(type_id, &mut stack, visit)?;
		}
		Some(())
	}

	/// Walks the bytes of one value up to its parts, which go onto the stack.
	fn step(
		&mut self,
		type_id: u32,
		stack: &mut Vec<Rest>,
		visit: &mut impl FnMut(&[u8]),
	) -> Option<()> {
		let types = self.types;
		match &types.resolve(type_id)?.type_def {
			TypeDef::Composite(composite) => push_fields(stack, &composite.fields),
			TypeDef::Variant(variants) => {
				let index = self.byte()?;
				let variant = variants.variants.iter().find(|variant| variant.index == index)?;
				push_fields(stack, &variant.fields);
			},
			TypeDef::Tuple(tuple) => {
				stack.extend(tuple.fields.iter().rev().map(|field| one(field.id)));
			},
			TypeDef::Sequence(sequence) => {
				let count = self.compact()?;
				self.many(sequence.type_param.id, count, stack, visit)?;
			},
			TypeDef::Array(array) => {
				self.many(array.type_param.id, array.len.into(), stack, visit)?;
			},
			TypeDef::Primitive(TypeDefPrimitive::Str) => {
				let size = self.compact()?;
				self.bytes(size)?;
			},
			TypeDef::Primitive(primitive) => {
				self.bytes(size_of(primitive))?;
			},
			TypeDef::Compact(_) => {
				self.compact_bytes()?;
			},
			TypeDef::BitSequence(bits) => self.bits(bits.bit_store_type.id)?,
		}
		Some(())
	}

	/// Skips bits that are stored in values of this type.
	fn bits(&mut self, store_type: u32) -> Option<()> {
		let TypeDef::Primitive(primitive) = &self.types.resolve(store_type)?.type_def else {
			return None;
		};
		let store = size_of(primitive);
		let count = self.compact()?.div_ceil(store.checked_mul(8)?);
		self.bytes(count.checked_mul(store)?).map(|_| ())
	}

	/// Walks values of the same type. Primitive values are skipped as a whole.
	fn many(
		&mut self,
		type_id: u32,
		count: u64,
		stack: &mut Vec<Rest>,
		visit: &mut impl FnMut(&[u8]),
	) -> Option<()> {
		match &self.types.resolve(type_id)?.type_def {
			TypeDef::Primitive(TypeDefPrimitive::U8) => visit(self.bytes(count)?),
			TypeDef::Primitive(primitive) if !matches!(primitive, TypeDefPrimitive::Str) => {
				self.bytes(count.checked_mul(size_of(primitive))?)?;
			},
			_ => stack.push(Rest { type_id, count }),
		}
		Some(())
	}

	fn bytes(&mut self, count: u64) -> Option<&'a [u8]> {
		let (bytes, rest) = self.input.split_at_checked(usize::try_from(count).ok()?)?;
		self.input = rest;
		Some(bytes)
	}

	fn byte(&mut self) -> Option<u8> {
		self.bytes(1)?.first().copied()
	}

	fn compact(&mut self) -> Option<u64> {
		Compact::<u64>::decode(&mut self.input).ok().map(|Compact(value)| value)
	}

	/// Skips a compact number of any size.
	fn compact_bytes(&mut self) -> Option<()> {
		let first = *self.input.first()?;
		let size = match first & 0b11 {
			0 => 1,
			1 => 2,
			2 => 4,
			_ => u64::from(first >> 2) + 5,
		};
		self.bytes(size).map(|_| ())
	}
}

fn one(type_id: u32) -> Rest {
	Rest { type_id, count: 1 }
}

fn push_fields(stack: &mut Vec<Rest>, fields: &[Field<PortableForm>]) {
	stack.extend(fields.iter().rev().map(|field| one(field.ty.id)));
}

/// Returns the size of a primitive value in bytes, and 0 for a string.
fn size_of(primitive: &TypeDefPrimitive) -> u64 {
	match primitive {
		TypeDefPrimitive::Str => 0,
		TypeDefPrimitive::Bool | TypeDefPrimitive::U8 | TypeDefPrimitive::I8 => 1,
		TypeDefPrimitive::U16 | TypeDefPrimitive::I16 => 2,
		TypeDefPrimitive::Char | TypeDefPrimitive::U32 | TypeDefPrimitive::I32 => 4,
		TypeDefPrimitive::U64 | TypeDefPrimitive::I64 => 8,
		TypeDefPrimitive::U128 | TypeDefPrimitive::I128 => 16,
		TypeDefPrimitive::U256 | TypeDefPrimitive::I256 => 32,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Encode;
	use prover_pool_runtime::{Runtime, RuntimeCall};
	use sp_core::crypto::AccountId32;

	fn metadata() -> Metadata {
		let metadata = sp_io::TestExternalities::default()
			.execute_with(|| Runtime::metadata_at_version(15).unwrap());
		Metadata::decode_from(&metadata).unwrap()
	}

	fn propose(payload: &[u8]) -> RuntimeCall {
		RuntimeCall::Rollup(pallet_rollup::Call::propose_block {
			payload: payload.to_vec().try_into().unwrap(),
			gas_limit: 7,
			max_fee_per_gas: 8,
		})
	}

	fn remark(size: usize) -> RuntimeCall {
		RuntimeCall::System(frame_system::Call::remark { remark: vec![0xa5; size] })
	}

	fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
		RuntimeCall::Utility(pallet_utility::Call::batch { calls })
	}

	fn proxied(call: RuntimeCall) -> RuntimeCall {
		RuntimeCall::Proxy(pallet_proxy::Call::proxy {
			real: AccountId32::new([7; 32]).into(),
			force_proxy_type: None,
			call: Box::new(call),
		})
	}

	/// Returns an extrinsic with these bytes between its length and its call.
	fn extrinsic(preamble: &[u8], call: RuntimeCall) -> Vec<u8> {
		[preamble, &call.encode()].concat().encode()
	}

	fn bare(call: RuntimeCall) -> Vec<u8> {
		extrinsic(&[5], call)
	}

	fn hash(payload: &[u8]) -> H256 {
		H256(Sha256::digest(payload).into())
	}

	fn find(body: &[Vec<u8>], payloads: &[&[u8]]) -> Vec<Vec<u8>> {
		let wanted = payloads.iter().map(|payload| (hash(payload), payload.len() as u32)).collect();
		find_payloads(&metadata(), body, &wanted).into_values().collect()
	}

	#[test]
	fn payloads_are_found_in_extrinsics_of_each_kind() {
		// Immortal, with nonce 0, without a tip and without a hash of the metadata.
		let extensions = [0; 4];
		let address = [&[0][..], &[1; 32]].concat();
		let signature = [&[1][..], &[2; 64]].concat();
		let signed = [&[0x84][..], &address, &signature, &extensions].concat();
		let general = [&[0x45, 0][..], &extensions].concat();
		for preamble in [&signed[..], &general, &[5], &[4]] {
			let extrinsic = extrinsic(preamble, propose(b"payload"));
			assert_eq!(find(&[extrinsic], &[b"payload"]), [b"payload"]);
		}
	}

	#[test]
	fn payloads_are_found_in_batches_and_proxied_calls() {
		let call = batch(vec![
			remark(7),
			propose(b"another"),
			proxied(batch(vec![propose(b"payload"), propose(b"")])),
			propose(b"last"),
		]);
		let body = [bare(remark(3)), bare(call)];
		for payload in [&b"payload"[..], b"another", b"", b"last"] {
			assert_eq!(find(&body, &[payload]), [payload]);
		}
		assert_eq!(find(&body, &[b"payload", b"last", b"missing"]).len(), 2);
	}

	#[test]
	fn a_proposal_is_found_in_the_deepest_batch_that_the_runtime_decodes() {
		// A deeper one does not decode, so no chain block contains it.
		let mut call = propose(b"payload");
		for _ in 0..255 {
			call = batch(vec![remark(3), call]);
		}
		let extrinsic = bare(call);
		assert_eq!(find(&[extrinsic], &[b"payload"]), [b"payload"]);
	}

	#[test]
	fn a_full_block_is_walked_once_for_all_payloads() {
		let payloads: Vec<Vec<u8>> = (0..17u8).map(|index| vec![index; 131_072]).collect();
		let body: Vec<_> = payloads.iter().map(|payload| bare(propose(payload))).collect();
		let wanted: Vec<&[u8]> = payloads.iter().map(Vec::as_slice).collect();
		assert_eq!(find(&body, &wanted).len(), 17);
	}

	#[test]
	fn bytes_that_do_not_match_the_metadata_are_passed_over() {
		let good = bare(propose(b"payload"));
		for size in 0..good.len() {
			assert!(find(&[good[..size].to_vec()], &[b"payload"]).len() <= 1);
		}
		let junk: Vec<u8> = (0..=255).cycle().take(10_000).collect();
		assert_eq!(find(&[junk, good], &[b"payload"]), [b"payload"]);
	}

	#[test]
	fn the_walk_reads_each_type_to_its_end() {
		use scale_info::{MetaType, Registry, TypeInfo};

		#[derive(Encode, TypeInfo)]
		struct All {
			flag: bool,
			text: String,
			numbers: Vec<u128>,
			texts: Vec<String>,
			pair: (u8, [u16; 3]),
			#[codec(compact)]
			small: u32,
			#[codec(compact)]
			large: u128,
			empty: Vec<()>,
			option: Option<Box<All>>,
		}
		let all = |option| All {
			flag: true,
			text: "text".into(),
			numbers: vec![1, 2],
			texts: vec!["a".into(), "bc".into()],
			pair: (1, [2, 3, 4]),
			small: 70_000,
			large: u128::MAX,
			empty: vec![(); 9],
			option,
		};
		let mut registry = Registry::new();
		let id = registry.register_type(&MetaType::new::<All>()).id;
		let types: PortableRegistry = registry.into();
		let bytes = all(Some(Box::new(all(None)))).encode();
		let mut walk = Walk::new(&types, &bytes);
		assert!(walk.value(id, &mut |_| {}).is_some());
		assert!(walk.input.is_empty(), "{} bytes are left", walk.input.len());
		// A vector of values without bytes cannot keep the walk busy.
		let mut registry = Registry::new();
		let id = registry.register_type(&MetaType::new::<Vec<()>>()).id;
		let types: PortableRegistry = registry.into();
		let bytes = codec::Compact(u64::MAX).encode();
		assert!(Walk::new(&types, &bytes).value(id, &mut |_| {}).is_none());
	}
}
