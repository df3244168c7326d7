// SPDX-License-Identifier: Apache-2.0

// An offline signature on a chain whose runtime was built with the hash of its metadata, as for a real
// chain. `make test-long SUITE=clients` builds it, and names its file by RUNTIME.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alice } from '../../src/accounts.ts'
import { type Chain, startFinalizingNode } from '../../src/chain.ts'
import { developmentSpec } from '../../src/genesis.ts'
import { members } from '../../src/pool.ts'
import { path } from '../../src/processes.ts'
import { generateTypes } from './generate.ts'
import { OFFER } from './journey.ts'

const runtime = process.env.RUNTIME ?? ''

describe.skipIf(!runtime)(
  'a runtime with the hash of its metadata (skipped without RUNTIME)',
  () => {
    let chain: Chain

    beforeAll(async () => {
      const spec = await developmentSpec(readFileSync(runtime))
      const file = path('build/metadata-hash-spec.json')
      mkdirSync(path('build'), { recursive: true })
      // The node requires these too. The relay chain is the one that `--dev` names.
      const forNode = { bootNodes: [], chainType: 'Development', relay_chain: 'rococo-local' }
      const genesis = { raw: { ...spec.genesis.raw, childrenDefault: {} } }
      writeFileSync(file, JSON.stringify({ ...spec, ...forNode, genesis }))
      chain = await startFinalizingNode(['--chain', file, '--tmp'])
      await generateTypes(chain.url)
    })
    afterAll(() => chain?.stop())

    test('refuses a signature with another hash', async () => {
      const { signStake, submitSigned, TOKEN } = await import('./offline.ts')
      const transaction = await signStake(alice, OFFER, { ...TOKEN, decimals: 10 })
      await expect(submitSigned(chain.url, transaction)).rejects.toMatchObject({
        error: { type: 'Invalid', value: { type: 'BadProof' } },
      })
    })

    test('accepts a signature with its hash', async () => {
      const { signStake, submitSigned } = await import('./offline.ts')
      expect(await submitSigned(chain.url, await signStake(alice, OFFER))).toMatchObject({
        ok: true,
      })
      expect((await members(chain.api)).map(({ who }) => who)).toContain(alice.address)
    })
  },
)
