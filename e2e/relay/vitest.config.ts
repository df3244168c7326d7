// SPDX-License-Identifier: Apache-2.0

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['relay/**/*.test.ts'],
    testTimeout: 1_200_000,
    // The relay chain accepts the parachain after four sessions of a minute.
    hookTimeout: 900_000,
    maxWorkers: 1,
    // The tests build on each other on one network.
    bail: 1,
    reporters: 'verbose',
    // The output has tables.
    disableConsoleIntercept: true,
  },
})
