// SPDX-License-Identifier: Apache-2.0

// The steps of a prover by subxt. `make test-long SUITE=clients` installs its command line, and passes
// its path in SUBXT.

import { beforeAll, describe } from 'vitest'
import { alice, emptyPool, fund } from '../../src/accounts.ts'
import { account, submit } from '../../src/chain.ts'
import { useChain } from '../chain.ts'
import { journey } from './journey.ts'
import { build, client } from './subxt.ts'

const BUILD_TIMEOUT_MS = 900_000
const URI = '//Clients//Subxt'

const subxt = process.env.SUBXT ?? ''

describe.skipIf(!subxt)('subxt (skipped without SUBXT)', () => {
  const chain = useChain({ finalizes: true })
  const key = account(URI)
  let program: string

  beforeAll(async () => {
    await emptyPool(chain.api)
    await submit(fund(chain.api, [key], 100_000), alice)
    program = await build(subxt, chain.url)
  }, BUILD_TIMEOUT_MS)

  journey('generated code', async () => client(program, chain.url, key.address, URI))
})
