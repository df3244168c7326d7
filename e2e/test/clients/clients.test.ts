// SPDX-License-Identifier: Apache-2.0

// The steps of a prover by each client library; docs/clients.md lists the versions.

import { beforeAll, describe, expect, test } from 'vitest'
import { alice, emptyPool, fund } from '../../src/accounts.ts'
import { account, submit } from '../../src/chain.ts'
import { useChain } from '../chain.ts'
import { generateTypes } from './generate.ts'
import { journey, OFFER } from './journey.ts'

// The libraries follow finalized blocks, and chopsticks answers parts of that interface only.
const isNode = process.env.CHAIN === 'node'

describe.skipIf(!isNode)('clients (skipped without the node: CHAIN=node)', () => {
  const chain = useChain({ finalizes: true })
  const keys = {
    polkadotJs: account('//Clients//PolkadotJs'),
    papi: account('//Clients//Papi'),
    dedot: account('//Clients//Dedot'),
    offline: account('//Clients//Offline'),
  }

  beforeAll(async () => {
    await emptyPool(chain.api)
    await submit(fund(chain.api, Object.values(keys), 100_000), alice)
    await generateTypes(chain.url)
  })

  // These use the generated types.
  const papi = () => import('./papi.ts')
  const dedot = () => import('./dedot.ts')
  const polkadotJs = () => import('./polkadot-js.ts')

  journey('polkadot.js', async () => (await polkadotJs()).connect(chain.url, keys.polkadotJs))
  journey('Polkadot-API', async () => (await papi()).connect(chain.url, keys.papi))
  journey('dedot', async () => (await dedot()).connect(chain.url, keys.dedot))

  // The metadata has a hash in builds for a real chain only: metadata-hash.test.ts has such a build.
  test('a signature with the hash of the metadata is refused by the development runtime', async () => {
    const { signStake, submitSigned } = await import('./offline.ts')
    const transaction = await signStake(keys.offline, OFFER)
    await expect(submitSigned(chain.url, transaction)).rejects.toMatchObject({
      error: { type: 'Unknown', value: { type: 'CannotLookup' } },
    })
  })
})
