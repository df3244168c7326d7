# SPDX-License-Identifier: Apache-2.0
#
# Functions for scripts that run FRAME benchmarks of the runtime from the root of the repository.

readonly RUNTIME=prover-pool-runtime
readonly BENCHER_VERSION=0.28.0
# A separate target folder: benchmarks have other features, and would replace the runtime of `make
# run`.
BENCHER_TARGET=$(realpath -m "${CARGO_TARGET_DIR:-target}")/benchmarks
readonly BENCHER_TARGET
# The headers of the weights contain the command, which must be the same on every machine.
export PATH=$BENCHER_TARGET/bin:$PATH

# Builds the runtime's WebAssembly with the profile of releases, in the target folder $1, as
# build/$RUNTIME.wasm. Each checkout needs its own folder, because cargo would reuse the build of
# another.
build_wasm() {
	# `check` is enough, because the build script builds the WebAssembly.
	WASM_BUILD_TYPE=production CARGO_TARGET_DIR=$1 \
		cargo check --locked -p "$RUNTIME-wasm" --features runtime-benchmarks
	mkdir -p build
	cp "$1/debug/wbuild/$RUNTIME/${RUNTIME//-/_}.wasm" "build/$RUNTIME.wasm"
}

# Runs the benchmarks of build/$1.wasm with the arguments that follow. Installs frame-omni-bencher of
# this SDK release line if it is missing.
bench() {
	if ! grep -qF "frame-omni-bencher $BENCHER_VERSION" "$BENCHER_TARGET/.crates.toml" 2>/dev/null; then
		echo "installing frame-omni-bencher $BENCHER_VERSION in $BENCHER_TARGET" >&2
		CARGO_TARGET_DIR=$BENCHER_TARGET cargo install --locked --root "$BENCHER_TARGET" \
			"frame-omni-bencher@$BENCHER_VERSION"
	fi
	frame-omni-bencher v1 benchmark pallet --runtime "build/$1.wasm" \
		--genesis-builder runtime --genesis-builder-preset development \
		--hostname-override "$(nproc) cores" --quiet "${@:2}"
}
