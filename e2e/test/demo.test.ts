// SPDX-License-Identifier: Apache-2.0

// The demo, as `make demo` plays it on a running chain.

import { expect, test } from 'vitest'
import { path, run } from '../src/processes.ts'
import { DEMO_TIMEOUT_MS } from '../src/waits.ts'
import { useChain } from './chain.ts'

const chain = useChain({ finalizes: true })

test('the demo shows draws, proofs, rewards, a miss, its rescue and its slash, and both exits', async () => {
  const { stdout } = await run(
    DEMO_TIMEOUT_MS,
    [path('e2e/node_modules/.bin/tsx'), path('e2e/src/demo.ts'), chain.url],
    { cwd: path('e2e') },
  )
  for (const row of [
    /Ada +is drawn for block \d+/,
    /Ben +is drawn for block \d+/,
    /Ada +proves block \d+/,
    /Ada +is paid [\d.]+ tokens for block \d+$/m,
    /Ben +misses block \d+/,
    /Ada +is paid [\d.]+ tokens for block \d+, and [\d.]+ of the slash/,
    /Ben +loses [\d,]+ tokens for block \d+/,
    /Ada +withdraws [\d,]+ tokens/,
    /Ben +withdraws [\d,]+ tokens/,
  ]) {
    expect(stdout).toMatch(row)
  }
})
