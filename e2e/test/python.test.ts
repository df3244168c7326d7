// SPDX-License-Identifier: Apache-2.0

// A Python client of the chain, with py-substrate-interface.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { path } from '../src/processes.ts'
import { useChain } from './chain.ts'

const TIMEOUT = 300_000

const chain = useChain()

test('a Python client stakes, and reads events, storage and errors by name', async () => {
  const run = promisify(execFile)(
    path('e2e/python/.venv/bin/python'),
    ['-m', 'unittest', '-v', 'test_stake'],
    {
      cwd: path('e2e/python'),
      env: { ...process.env, CHAIN_URL: chain.url },
      timeout: TIMEOUT,
    },
  )
  // A failed run rejects with its standard error in the message: unittest writes everything there.
  const { stderr } = await run
  expect(stderr).toMatch(/^Ran [1-9]/m)
})
