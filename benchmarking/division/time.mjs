// SPDX-License-Identifier: Apache-2.0

// Prints how many nanoseconds a weight takes each exported way, the least of several runs, as a table
// in Markdown.

import { readFileSync } from 'node:fs'

const COUNT = 1_000_000
const RUNS = 10

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]))
const ways = Object.entries(instance.exports).filter(([name]) => name.startsWith('divide'))

/** The least time of a weight by this way, in nanoseconds, and what it gives. */
function measure(way, largest) {
  const results = Array.from({ length: RUNS }, () => {
    const start = performance.now()
    const sum = way(COUNT, largest)
    return { sum, time: ((performance.now() - start) * 1e6) / COUNT }
  })
  return { sum: results[0].sum, time: Math.min(...results.map(({ time }) => time)) }
}

console.log('\n| | usual numbers | largest numbers |\n|---|---:|---:|')
const sums = new Set()
for (const [name, way] of ways) {
  const measured = [false, true].map((largest) => measure(way, largest))
  const times = measured.map(({ time }) => `${time.toFixed(1)} ns`)
  console.log(`| ${name} | ${times.join(' | ')} |`)
  sums.add(measured.map(({ sum }) => sum).join())
}
if (sums.size !== 1) throw new Error('the ways do not give the same')
