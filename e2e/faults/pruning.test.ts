// SPDX-License-Identifier: Apache-2.0

// Answers of nodes about old blocks, as docs/operators.md describes them.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { height } from '../src/chain.ts'
import { blocksEvery, Node } from '../src/node.ts'
import { type Answer, ask } from '../src/rpc.ts'
import { until } from '../src/waits.ts'

/** Number of the last states that a node keeps by default. */
const KEPT = 256
/** Time between two blocks, in milliseconds. */
const QUICK_INTERVAL_MS = 150
/** Maximum time until more blocks are made than the node keeps states. */
const CHAIN_TIMEOUT_MS = 600_000
/** Storage key of the time. Each block has its own. */
const NOW = '0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb'

/** Tests a node with these options on a chain that is longer than the states that nodes keep. */
function onOldBlock(name: string, options: string[], check: (answers: Answers) => void) {
  describe(name, () => {
    let folder: string
    let node: Node

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'faults-'))
      node = await Node.start(join(folder, 'node'), options)
      await node.kill()
      await node.restart(blocksEvery(QUICK_INTERVAL_MS))
      await until(CHAIN_TIMEOUT_MS, `block ${KEPT + 20}`, async () => {
        node.check()
        return (await height(node.api)) > KEPT + 20
      })
    })

    afterAll(async () => {
      await node?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    test('answers about an old block, and about the newest', async () => {
      check(await answersAt(node, 2))
      const newest = await answersAt(node, await height(node.api))
      expect(newest.storage.result).toMatch(/^0x/)
      expect(newest.body.result).toBeTruthy()
      expect(newest.header.result).toBeTruthy()
    })
  })
}

interface Answers {
  header: Answer
  body: Answer
  storage: Answer
}

/** Returns the answers about the block with this number. */
async function answersAt({ url }: Node, number: number): Promise<Answers> {
  const { result: hash } = await ask(url, 'chain_getBlockHash', [number])
  expect(hash).toMatch(/^0x/)
  return {
    header: await ask(url, 'chain_getHeader', [hash]),
    body: await ask(url, 'chain_getBlock', [hash]),
    storage: await ask(url, 'state_getStorage', [NOW, hash]),
  }
}

onOldBlock('a node with default options', [], ({ header, body, storage }) => {
  expect(header.result).toBeTruthy()
  expect(body.result).toBeTruthy()
  expect(storage.error?.code).toBe(4003)
  expect(storage.error?.message).toMatch(/State already discarded/)
})

onOldBlock('an archive node', ['--state-pruning', 'archive'], ({ header, body, storage }) => {
  expect(header.result).toBeTruthy()
  expect(body.result).toBeTruthy()
  expect(storage.result).toMatch(/^0x/)
})

onOldBlock(
  'a node that discards bodies',
  ['--blocks-pruning', `${KEPT}`],
  ({ header, body, storage }) => {
    expect(header.result).toBeTruthy()
    expect(body.result).toBeNull()
    expect(storage.error?.message).toMatch(/State already discarded/)
  },
)
