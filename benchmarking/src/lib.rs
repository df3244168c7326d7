// SPDX-License-Identifier: Apache-2.0

//! Measurements of the prover pool; `README.md` of this package has the results.
