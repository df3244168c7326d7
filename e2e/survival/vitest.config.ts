// SPDX-License-Identifier: Apache-2.0

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['survival/**/*.test.ts'],
    // A fault with all waits after it.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    maxWorkers: 1,
    // The rounds build on each other on one chain.
    bail: 1,
    reporters: 'verbose',
    // The output is a table.
    disableConsoleIntercept: true,
  },
})
