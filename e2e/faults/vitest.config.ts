// SPDX-License-Identifier: Apache-2.0

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['faults/**/*.test.ts'],
    // Ten starts of a node, or hundreds of chain blocks.
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    fileParallelism: false,
    reporters: 'verbose',
    // The output has counts.
    disableConsoleIntercept: true,
  },
})
