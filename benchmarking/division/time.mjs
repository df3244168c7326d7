// SPDX-License-Identifier: Apache-2.0

// Prints how many nanoseconds a weight takes each exported way, the least of several runs.

import { readFileSync } from 'node:fs'

const COUNT = 1_000_000
const RUNS = 10

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]))
const ways = Object.entries(instance.exports).filter(([name]) => name.startsWith('divide'))
for (const largest of [false, true]) {
  const sums = new Set()
  for (const [name, way] of ways) {
    let least = Infinity
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now()
      sums.add(way(COUNT, largest))
      least = Math.min(least, performance.now() - start)
    }
    console.log(`${largest ? 'largest' : 'usual'} numbers, ${name}: ${(least * 1e6 / COUNT).toFixed(1)} ns`)
  }
  if (sums.size !== 1) throw new Error('the ways do not give the same')
}
