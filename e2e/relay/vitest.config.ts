// SPDX-License-Identifier: Apache-2.0

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['relay/**/*.test.ts'],
    testTimeout: 1_800_000,
    // The relay chain accepts the parachain after votes and three sessions of a minute.
    hookTimeout: 1_800_000,
    maxWorkers: 1,
    // The tests build on each other on one network.
    bail: 1,
    reporters: 'verbose',
    // The output has tables.
    disableConsoleIntercept: true,
  },
})
