// SPDX-License-Identifier: Apache-2.0

/** Maximum time until a condition holds or a node answers, in milliseconds, also on a busy machine. */
export const WAIT_MS = 600_000
