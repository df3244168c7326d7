// SPDX-License-Identifier: Apache-2.0

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A step may compile the runtime, make some proofs or some tens of blocks, on a slow machine.
    testTimeout: 600_000,
    hookTimeout: 300_000,
    // Chopsticks takes one core, the node more.
    maxWorkers: process.env.CHAIN === 'chopsticks' ? 2 : 1,
    // The tests of a file are one story on one chain: what follows a failure means nothing.
    bail: 1,
    reporters: 'verbose',
  },
})
