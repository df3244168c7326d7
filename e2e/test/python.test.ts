// SPDX-License-Identifier: Apache-2.0

// A Python client of the chain, with py-substrate-interface.

import { expect, test } from 'vitest'
import { emptyPool } from '../src/accounts.ts'
import { path, run } from '../src/processes.ts'
import { useChain } from './chain.ts'

const TIMEOUT_MS = 300_000

const chain = useChain()

test('a Python client stakes, reads the pool, is assigned a block, reads errors and exits', async () => {
  await emptyPool(chain.api)
  const python = path('e2e/python/.venv/bin/python')
  const options = { cwd: path('e2e/python'), env: { ...process.env, CHAIN_URL: chain.url } }
  // A failed run rejects with its standard error in the message: unittest writes everything there.
  const { stderr } = await run(TIMEOUT_MS, [python, '-m', 'unittest', '-v', 'test_stake'], options)
  expect(stderr).toMatch(/^Ran [1-9]/m)
})
