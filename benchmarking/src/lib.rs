// SPDX-License-Identifier: Apache-2.0

//! Measurements of the prover pool. See `README.md` beside this package's manifest.
