// SPDX-License-Identifier: Apache-2.0

//! Compares `docs/parameters.md` with the constants of the metadata, the governed parameters and
//! their effective ranges.

use super::chain::Chain;
use crate::{configs::RuntimeParameters, *};
use codec::{Decode, Encode};
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use scale_info::{MetaType, TypeDef, TypeDefPrimitive, TypeDefVariant, TypeInfo, Variant};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../../docs/parameters.md");
/// Sections of the page, and the names of their pallets.
const SECTIONS: [(&str, &str); 3] =
	[("Prover pool", "ProverPool"), ("Rollup", "Rollup"), ("Verifier", "Groth16Verifier")];

/// Row of a table, by the names of the columns.
type Row = BTreeMap<&'static str, &'static str>;

/// Returns the rows of a section's tables that have a column `type`, by their items.
fn rows(section: &str) -> BTreeMap<&'static str, Row> {
	let section = PAGE.split("\n## ").find(|text| text.lines().next() == Some(section));
	let mut columns = Vec::new();
	let mut rows = BTreeMap::new();
	for line in section.expect("the page has the section").lines() {
		let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
		if !line.starts_with('|') {
			columns.clear();
		} else if columns.is_empty() {
			columns = cells;
		} else if columns.contains(&"type") && !line.starts_with("|-") {
			assert_eq!(cells.len(), columns.len(), "cells of {line}");
			let row: Row = columns.iter().copied().zip(cells).collect();
			let item = row["item"].trim_matches('`');
			assert_eq!(rows.insert(item, row), None, "a second row of {item}");
		}
	}
	rows
}

/// Returns a value such as `5,184,000 (60 days)`, after a comparison with its other unit in brackets.
fn value(cell: &str) -> u128 {
	let (digits, converted) = cell.split_once(" (").unwrap_or((cell, ""));
	let value = digits.replace(',', "").parse().unwrap_or_else(|_| panic!("no value in {cell}"));
	if let Some((amount, unit)) = converted.trim_end_matches(')').split_once(' ') {
		let factor = match unit {
			"%" => 100.0,
			"min" => 60.0,
			"hour" => 3_600.0,
			"day" | "days" => 86_400.0,
			_ => panic!("unknown unit in {cell}"),
		};
		let amount: f64 = amount.parse().unwrap_or_else(|_| panic!("no amount in {cell}"));
		assert_eq!((amount * factor).round() as u128, value, "{cell}");
	}
	value
}

/// Returns an integer from its encoding, and the rest of the bytes.
fn integer<'a>(ty: &TypeDefPrimitive, bytes: &'a [u8]) -> (u128, &'a [u8]) {
	let (integer, rest) = bytes.split_at(size(ty));
	(integer.iter().rev().fold(0, |value, byte| value << 8 | u128::from(*byte)), rest)
}

/// Returns the size of an integer, in bytes.
fn size(ty: &TypeDefPrimitive) -> usize {
	match ty {
		TypeDefPrimitive::U16 => 2,
		TypeDefPrimitive::U32 => 4,
		TypeDefPrimitive::U64 => 8,
		TypeDefPrimitive::U128 => 16,
		_ => panic!("no parameter has the type {ty:?}"),
	}
}

/// Constant of a pallet in the metadata.
struct Constant {
	ty: TypeDefPrimitive,
	value: u128,
	docs: String,
}

/// Returns the constants of a pallet in the metadata.
fn constants(pallet: &str) -> BTreeMap<String, Constant> {
	let encoded = Chain::new().look(|| Runtime::metadata_at_version(15)).expect("it is supported");
	let RuntimeMetadataPrefixed(_, RuntimeMetadata::V15(metadata)) =
		Decode::decode(&mut &encoded[..]).expect("clients can decode it")
	else {
		panic!("unexpected metadata version")
	};
	let pallet = metadata.pallets.into_iter().find(|entry| entry.name == pallet);
	let constants = pallet.expect("the runtime has it").constants.into_iter().map(|constant| {
		let ty = metadata.types.resolve(constant.ty.id).expect("the metadata has the type");
		let TypeDef::Primitive(ty) = &ty.type_def else {
			panic!("{} is no integer", constant.name)
		};
		let (value, _) = integer(ty, &constant.value);
		(constant.name, Constant { ty: ty.clone(), value, docs: constant.docs.concat() })
	});
	constants.collect()
}

/// Returns the variants of an enum.
fn variants(ty: MetaType) -> Vec<Variant> {
	match ty.type_info().type_def {
		TypeDef::Variant(TypeDefVariant { variants }) => variants,
		_ => panic!("the parameters are enums"),
	}
}

/// Returns the indices of the governed parameters of a pallet, by their names.
fn governed(pallet: &str) -> BTreeMap<&'static str, [u8; 2]> {
	let pallets = variants(MetaType::new::<RuntimeParameters>());
	let Some(pallet) = pallets.into_iter().find(|entry| entry.name == pallet) else {
		return BTreeMap::new();
	};
	let parameters = variants(pallet.fields[0].ty).into_iter();
	parameters.map(|entry| (entry.name, [pallet.index, entry.index])).collect()
}

/// Sets all governed parameters, in the next block of a chain, to integers of this byte.
fn set_all(chain: &mut Chain, byte: u8) {
	for (_, pallet) in SECTIONS {
		let constants = constants(pallet);
		for (name, indices) in governed(pallet) {
			// The key is an empty struct, and the value an option.
			let encoded = [&indices[..], &[1], &vec![byte; size(&constants[name].ty)]].concat();
			let parameter = RuntimeParameters::decode(&mut &encoded[..]).expect("it has the type");
			chain.look(|| {
				let root = RuntimeOrigin::root();
				assert_eq!(crate::Parameters::set_parameter(root, parameter), Ok(()));
			});
		}
	}
	chain.block(vec![]);
}

/// Returns the fields of a struct of integers, by their names in lower case.
fn fields<T: TypeInfo + Encode + 'static>(values: T) -> BTreeMap<String, u128> {
	let TypeDef::Composite(composite) = MetaType::new::<T>().type_info().type_def else {
		panic!("the effective values are a struct")
	};
	let encoded = values.encode();
	let mut rest = &encoded[..];
	let fields = composite.fields.into_iter().map(|field| {
		let TypeDef::Primitive(ty) = field.ty.type_info().type_def else {
			panic!("{:?} is no integer", field.name)
		};
		let (value, left) = integer(&ty, rest);
		rest = left;
		(field.name.expect("it has a name").replace('_', ""), value)
	});
	fields.collect()
}

/// Returns the effective values of all governed parameters of a pallet, by their names in lower case.
fn effective(chain: &mut Chain, pallet: &str) -> BTreeMap<String, u128> {
	chain.look(|| match pallet {
		"ProverPool" => fields(ProverPool::parameters()),
		"Rollup" => fields(Rollup::parameters()),
		_ => BTreeMap::new(),
	})
}

#[test]
fn the_page_of_parameters_lists_each_constant() {
	for (section, pallet) in SECTIONS {
		let rows = rows(section);
		let constants = constants(pallet);
		let listed: BTreeSet<_> = rows.keys().copied().collect();
		assert_eq!(listed, constants.keys().map(String::as_str).collect(), "items of {section}");
		for (item, row) in rows {
			let Constant { ty, value: constant, docs } = &constants[item];
			assert_eq!(row["type"], format!("{ty:?}").to_lowercase(), "type of {item}");
			assert_eq!(value(row["here"]), *constant, "value of {item}");
			let unit = row["unit"];
			assert!(docs.to_lowercase().contains(unit), "unit of {item}: {unit}, or as in{docs}");
			let is_governed = if governed(pallet).contains_key(item) { "yes" } else { "no" };
			assert_eq!(row["governed"], is_governed, "governed: {item}");
		}
	}
}

#[test]
fn the_page_of_parameters_gives_the_effective_ranges() {
	let mut chain = Chain::new();
	// Integers of zeros are the smallest, and those of ones the largest.
	let mut bound = |byte| {
		set_all(&mut chain, byte);
		SECTIONS.map(|(_, pallet)| effective(&mut chain, pallet))
	};
	let (least, largest) = (bound(0), bound(0xff));
	for (index, (section, pallet)) in SECTIONS.into_iter().enumerate() {
		let mut ranges = BTreeMap::new();
		for (item, row) in rows(section) {
			let range = row.get("effective range").copied().unwrap_or_default();
			assert_eq!(range.is_empty(), row["governed"] == "no", "range of {item}");
			if let Some((from, to)) = range.split_once(" to ") {
				ranges.insert(item.to_lowercase(), (value(from), value(to)));
			}
		}
		let names: Vec<_> = governed(pallet).into_keys().map(str::to_lowercase).collect();
		assert_eq!(ranges.len(), names.len(), "ranges of {section}");
		for name in names {
			let bounds = (least[index][&name], largest[index][&name]);
			assert_eq!(ranges[&name], bounds, "range of {name}");
		}
	}
}
