// SPDX-License-Identifier: Apache-2.0

//! Progress of long tasks on a terminal.

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::{
	io::{self, Write},
	sync::LazyLock,
	time::Duration,
};

/// Number of unread chain blocks from which on their reading is shown.
const LONG: u64 = 100;

/// Bars of the terminal. They are hidden if standard error is none.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Hides all progress.
pub fn hide() {
	BARS.set_draw_target(ProgressDrawTarget::hidden());
}

/// Standard error, with the progress below what is written.
pub struct AboveProgress;

impl Write for AboveProgress {
	fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
		BARS.suspend(|| io::stderr().write(bytes))
	}

	fn flush(&mut self) -> io::Result<()> {
		io::stderr().flush()
	}
}

/// Shows the time of a task of unknown length, until the result is dropped.
pub fn clock(task: &'static str) -> ProgressBar {
	let clock = shown(ProgressBar::new_spinner(), "{spinner} {msg}: {elapsed}");
	clock.set_message(task);
	clock.enable_steady_tick(Duration::from_millis(200));
	clock
}

/// Progress of the books towards the last finalized chain block.
#[derive(Default)]
pub struct CatchUp {
	bar: Option<ProgressBar>,
}

impl CatchUp {
	/// Shows the progress, if many chain blocks are unread.
	pub fn show(&mut self, scanned: u64, target: u64) {
		let unread = target.saturating_sub(scanned);
		if unread == 0 {
			self.bar = None;
		} else if self.bar.is_none() && unread >= LONG {
			let template = "Reading chain blocks {bar:30} {pos} of {len}, {eta} left";
			let bar = ProgressBar::new(target).with_position(scanned);
			self.bar = Some(shown(bar, template));
		}
		if let Some(bar) = &self.bar {
			bar.set_length(target);
			bar.set_position(scanned);
		}
	}
}

fn shown(bar: ProgressBar, template: &str) -> ProgressBar {
	let bar = BARS.add(bar.with_finish(ProgressFinish::AndClear));
	if let Ok(style) = ProgressStyle::with_template(template) {
		bar.set_style(style);
	}
	bar
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_long_catch_up_is_shown_until_its_end() {
		let mut catch_up = CatchUp::default();
		catch_up.show(10, 10 + LONG - 1);
		assert!(catch_up.bar.is_none(), "a short one is not shown");
		catch_up.show(10, 10 + LONG);
		for (scanned, target) in [(11, 10 + LONG), (12, 14 + LONG), (13 + LONG, 14 + LONG)] {
			catch_up.show(scanned, target);
			let bar = catch_up.bar.as_ref().unwrap();
			assert_eq!((bar.position(), bar.length()), (scanned, Some(target)));
		}
		catch_up.show(14 + LONG, 14 + LONG);
		assert!(catch_up.bar.is_none());
	}

	#[test]
	fn the_templates_are_valid() {
		assert_eq!(clock("Waiting").message(), "Waiting");
		for template in ["{spinner} {msg}: {elapsed}", "{bar:30} {pos} of {len}, {eta} left"] {
			assert!(ProgressStyle::with_template(template).is_ok());
		}
	}
}
