// SPDX-License-Identifier: Apache-2.0

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A test may wait for the compilation of the runtime, several proofs or tens of blocks.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // A test waits for one core or for a clock, most of the time.
    maxWorkers: 2,
    // The tests of a file build on each other on one chain: a failure invalidates the later ones.
    bail: 1,
    // Two files generate it from different chains, and Vite would keep the first.
    server: { deps: { external: [/\/generated\//] } },
    // Node.js 20 has no WebSocket without this option. Polkadot-API needs it.
    execArgv: ['--experimental-websocket'],
    reporters: 'verbose',
  },
})
