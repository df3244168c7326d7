// SPDX-License-Identifier: Apache-2.0

//! What an assignment costs: rule 23, counted on the storage itself.

use crate::mock::*;
use frame_support::traits::PalletInfoAccess;
use std::{
	fmt::Debug,
	sync::{Arc, Mutex},
};
use tracing::field::{Field, Visit};
use tracing_subscriber::{layer::Context, prelude::*, Layer};

/// Records each access to the state that the externalities report: its method and its key.
#[derive(Clone, Default)]
struct Accesses(Arc<Mutex<Vec<(String, String)>>>);

#[derive(Default)]
struct Access {
	method: String,
	key: String,
}

impl Visit for Access {
	fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
		match field.name() {
			"method" => self.method = format!("{value:?}").trim_matches('"').into(),
			"key" => self.key = format!("{value:?}"),
			_ => (),
		}
	}
}

impl<S: tracing::Subscriber> Layer<S> for Accesses {
	fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
		if event.metadata().target() == "state" {
			let mut access = Access::default();
			event.record(&mut access);
			self.0.lock().unwrap().push((access.method, access.key));
		}
	}
}

impl Accesses {
	/// How often `run` reads and writes the pool's own storage.
	fn count(run: impl FnOnce()) -> (usize, usize) {
		let accesses = Self::default();
		let subscriber = tracing_subscriber::registry().with(accesses.clone());
		tracing::subscriber::with_default(subscriber, run);
		let prefix: String = sp_io::hashing::twox_128(ProverPool::name().as_bytes())
			.iter()
			.map(|byte| format!("{byte:02x}"))
			.collect();
		let seen = accesses.0.lock().unwrap();
		let count = |methods: &[&str]| {
			seen.iter()
				.filter(|(method, key)| methods.contains(&&**method) && key.starts_with(&prefix))
				.count()
		};
		(count(&["Get", "Hash", "Exists"]), count(&["Put", "Append"]))
	}
}

#[test]
fn rule_23_an_assignment_over_32_provers_takes_two_reads_and_one_write() {
	let provers = (1..=32).map(|who| (who, MIN_STAKE, 10, 128)).collect();
	run_with(provers, || {
		for block in 0..64 {
			let count = Accesses::count(|| assert!(assign(block, 10).is_some()));
			assert_eq!(count, (2, 1));
		}
	});
}

#[test]
fn rule_23_nobody_drawable_takes_one_read() {
	run(|| {
		assert_eq!(Accesses::count(|| assert!(assign(1, 10).is_none())), (1, 0));
	});
}

#[test]
fn a_release_takes_two_reads_and_one_write() {
	run_with(vec![(1, MIN_STAKE, 10, 128)], || {
		assign(1, 10).unwrap();
		assert_eq!(Accesses::count(|| release(1)), (2, 1));
	});
}
