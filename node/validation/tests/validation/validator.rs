// SPDX-License-Identifier: Apache-2.0

//! Validators of the relay chain.

use codec::Decode;
use cpu_time::ThreadTime;
use log::{Level, Log, Metadata, Record};
use polkadot_node_core_pvf_common::executor_interface::{execute_artifact, prepare, prevalidate};
use polkadot_parachain_primitives::primitives::ValidationResult;
use polkadot_primitives::{
	executor_params::DEFAULT_NATIVE_STACK_MAX, ExecutorParams, MAX_CODE_SIZE,
};
use sp_maybe_compressed_blob::decompress;
use std::{cell::RefCell, sync::LazyLock, thread, time::Duration};

/// Validator of blocks of the built runtime, which all tests share because it takes long to compile.
pub static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(built_code()));

/// Maximum size of decompressed code.
const BOMB_LIMIT: usize = 4 * MAX_CODE_SIZE as usize;

/// Stack of the thread that executes blocks, as in the validators' worker.
const STACK_SIZE: usize = DEFAULT_NATIVE_STACK_MAX as usize + 2 * 1024 * 1024;

thread_local! {
	/// Last panic of the runtime on this thread. The runtime logs it before it traps.
	static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Returns the runtime's code.
pub fn built_code() -> &'static [u8] {
	prover_pool_runtime::WASM_BINARY.expect("the runtime is built, without SKIP_WASM_BUILD")
}

/// Validator that has compiled the code of a parachain.
pub struct Validator {
	artifact: Vec<u8>,
}

impl Validator {
	/// Checks and compiles the code of a parachain.
	pub fn new(code: &[u8]) -> Self {
		assert!(code.len() <= MAX_CODE_SIZE as usize, "{} bytes of code", code.len());
		// An error means that another test has set the same logger.
		let _ = log::set_logger(&Panics);
		log::set_max_level(Level::Error.to_level_filter());
		let code = decompress(code, BOMB_LIMIT).expect("the code decompresses");
		let blob = prevalidate(&code).expect("the code is WebAssembly");
		let artifact = prepare(blob, &ExecutorParams::default()).expect("the code compiles");
		Self { artifact }
	}

	/// Executes a block. Fails with the runtime's panic.
	pub fn validate(&self, params: Vec<u8>) -> Result<ValidationResult, String> {
		self.validate_timed(params).0
	}

	/// Does [`Self::validate`]. Returns also the time of the processor.
	pub fn validate_timed(&self, params: Vec<u8>) -> (Result<ValidationResult, String>, Duration) {
		thread::scope(|scope| {
			let executor = thread::Builder::new().stack_size(STACK_SIZE);
			let result = executor.spawn_scoped(scope, || {
				let start = ThreadTime::now();
				(self.execute(&params), start.elapsed())
			});
			result.expect("a thread starts").join().expect("validators do not panic")
		})
	}

	#[allow(unsafe_code)]
	fn execute(&self, params: &[u8]) -> Result<ValidationResult, String> {
		// SAFETY: the artifact is the unchanged output of `prepare`.
		let result =
			unsafe { execute_artifact(&self.artifact, &ExecutorParams::default(), params) };
		let panic = PANIC.take();
		let output = result.map_err(|error| panic.unwrap_or_else(|| error.to_string()))?;
		Ok(ValidationResult::decode(&mut &output[..]).expect("the output is a result"))
	}
}

/// Logger that keeps panics of runtimes.
struct Panics;

impl Log for Panics {
	fn enabled(&self, metadata: &Metadata) -> bool {
		metadata.level() == Level::Error && metadata.target() == "runtime"
	}

	fn log(&self, record: &Record) {
		if self.enabled(record.metadata()) {
			PANIC.set(Some(record.args().to_string()));
		}
	}

	fn flush(&self) {}
}

#[test]
fn the_script_that_builds_for_a_chain_has_the_limit_of_relay_chains() {
	let script = include_str!("../../../../scripts/runtime.sh");
	assert!(script.contains(&format!("readonly MAX_CODE_SIZE={MAX_CODE_SIZE}\n")));
}
