# SPDX-License-Identifier: Apache-2.0
#
# Functions for scripts that run FRAME's benchmarks from the root of the repository.

readonly BENCHER_VERSION=0.28.0
# A target folder of its own: benchmarks have other features, and would replace the runtime that
# `make run` starts.
BENCHER_TARGET=$(realpath -m "${CARGO_TARGET_DIR:-target}")/benchmarks
readonly BENCHER_TARGET
# The headers of weights show the command, which must be the same on every machine.
export PATH=$BENCHER_TARGET/bin:$PATH

# Builds the WebAssembly of the runtime in the package $1 in the profile of releases, as
# build/$1.wasm. $2 is the package whose build script builds it, if that is another.
build_wasm() {
	# `check` is enough: the build script builds the WebAssembly, and no native code is needed.
	WASM_BUILD_TYPE=production CARGO_TARGET_DIR=$BENCHER_TARGET \
		cargo check --locked -p "${2:-$1}" --features runtime-benchmarks
	mkdir -p build
	cp "$BENCHER_TARGET/debug/wbuild/$1/${1//-/_}.wasm" "build/$1.wasm"
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
