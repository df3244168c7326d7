// SPDX-License-Identifier: Apache-2.0

//! Pictures of them.

use crate::{
	contenders::{self, Contender, FUNCTIONS, MAP, POOL, SIZES},
	cost::{cost, Batch, Cost},
};
use anyhow::Result;
use plotters::{coord::Shift, prelude::*};
use std::path::Path;

/// What both panels of a picture show: time on the left, proof on the right.
type Value = fn(Cost) -> f64;

/// Time and proof over the number of places.
pub fn growth(batches: &[Batch], path: &Path) -> Result<()> {
	panels(path, |area, title, value| lines(batches, area, title, value))
}

/// Time and proof of the pool and of what stands beside it.
pub fn side_by_side(batches: &[Batch], path: &Path) -> Result<()> {
	let contenders = contenders::side_by_side(batches)?;
	panels(path, |area, title, value| bars(&contenders, area, title, value))
}

fn panels(
	path: &Path,
	panel: impl Fn(&DrawingArea<SVGBackend, Shift>, &str, Value) -> Result<()>,
) -> Result<()> {
	let area = SVGBackend::new(path, (1_400, 600)).into_drawing_area();
	area.fill(&WHITE)?;
	let (times, proofs) = area.split_horizontally(700);
	panel(&times, "time, µs", |cost| cost.time)?;
	panel(&proofs, "proof, bytes", |cost| cost.proof.into())?;
	Ok(area.present()?)
}

/// A number at an axis.
fn whole(value: &f64) -> String {
	format!("{value:.0}")
}

fn lines(
	batches: &[Batch],
	area: &DrawingArea<SVGBackend, Shift>,
	title: &str,
	value: Value,
) -> Result<()> {
	let line = |pallet: &str, function: &str| -> Result<Vec<(f64, f64)>> {
		let point = |(index, size): (u32, u32)| {
			// Nothing has no place on a logarithmic axis.
			let value = value(cost(batches, pallet, function, Some(index))?).max(0.1);
			Ok((size.into(), value))
		};
		(0..).zip(SIZES).map(point).collect()
	};
	let (mut least, mut most) = (f64::MAX, 0.0_f64);
	for (function, _) in FUNCTIONS {
		for (_, value) in [line(POOL, function)?, line(MAP, function)?].concat() {
			(least, most) = (least.min(value), most.max(value));
		}
	}
	let mut chart = ChartBuilder::on(area)
		.caption(format!("{title}: pool solid, map dashed"), ("sans-serif", 20))
		.margin(20)
		.x_label_area_size(40)
		.y_label_area_size(80)
		.build_cartesian_2d((1.0..1_024.0).log_scale(), (least / 1.5..most * 1.5).log_scale())?;
	let mut mesh = chart.configure_mesh();
	mesh.x_label_formatter(&whole).y_label_formatter(&whole);
	mesh.x_desc("places").draw()?;
	for (index, (function, _)) in FUNCTIONS.iter().enumerate() {
		let color = Palette99::pick(index).to_rgba();
		let solid = LineSeries::new(line(POOL, function)?, color.stroke_width(2));
		chart
			.draw_series(solid)?
			.label(*function)
			.legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], color));
		let dashed = DashedLineSeries::new(line(MAP, function)?, 6, 4, color.stroke_width(1));
		chart.draw_series(dashed)?;
	}
	let mut labels = chart.configure_series_labels();
	labels.position(SeriesLabelPosition::UpperLeft);
	labels.border_style(BLACK).background_style(WHITE).draw()?;
	Ok(())
}

fn bars(
	contenders: &[Contender],
	area: &DrawingArea<SVGBackend, Shift>,
	title: &str,
	value: Value,
) -> Result<()> {
	let rows = contenders.len() as i32;
	let most = contenders.iter().map(|contender| value(contender.cost)).fold(0.0, f64::max);
	// The first is at the top.
	let name = |row: &SegmentValue<i32>| match row {
		SegmentValue::CenterOf(row) => usize::try_from(rows - 1 - row)
			.ok()
			.and_then(|index| contenders.get(index))
			.map_or(String::new(), |contender| contender.name.clone()),
		_ => String::new(),
	};
	let mut chart = ChartBuilder::on(area)
		.caption(title, ("sans-serif", 20))
		.margin(20)
		.x_label_area_size(40)
		.y_label_area_size(260)
		.build_cartesian_2d(0.0..most * 1.1, (0..rows - 1).into_segmented())?;
	let mut mesh = chart.configure_mesh();
	mesh.disable_y_mesh().y_labels(contenders.len());
	mesh.x_label_formatter(&whole).y_label_formatter(&name).draw()?;
	chart.draw_series((0..rows).rev().zip(contenders).map(|(row, contender)| {
		let color = if contender.what.is_some() { BLUE } else { RGBColor(160, 160, 160) };
		let ends = [
			(0.0, SegmentValue::Exact(row)),
			(value(contender.cost), SegmentValue::Exact(row + 1)),
		];
		let mut bar = Rectangle::new(ends, color.filled());
		bar.set_margin(3, 3, 0, 0);
		bar
	}))?;
	Ok(())
}
