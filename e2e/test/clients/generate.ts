// SPDX-License-Identifier: Apache-2.0

// Types that the command lines of the client libraries generate from a chain, in `e2e/generated`.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { path, run } from '../../src/processes.ts'

const TIMEOUT_MS = 240_000

const program = (name: string) => path(`e2e/node_modules/.bin/${name}`)

// Node.js 20 has no WebSocket without this option.
const env = { ...process.env, NODE_OPTIONS: '--experimental-websocket' }
const options = { cwd: path('e2e'), env }

/** Generates the types of Polkadot-API and dedot from the chain at this address, and checks the files
 * that use them. */
export async function generateTypes(url: string) {
  rmSync(path('e2e/generated'), { recursive: true, force: true })
  mkdirSync(path('e2e/generated'))
  const config = path('e2e/generated/papi.json')
  const papi = {
    version: 0,
    descriptorPath: 'generated/papi',
    entries: { pool: { wsUrl: url } },
    options: { noDescriptorsPackage: true },
  }
  writeFileSync(config, JSON.stringify(papi))
  await run(TIMEOUT_MS, [program('papi'), 'generate', '--config', config], options)
  const dedot = ['chaintypes', '--wsUrl', url, '--output', 'generated/dedot', '--chain', 'Pool']
  await run(TIMEOUT_MS, [program('dedot'), ...dedot], options)
  await run(TIMEOUT_MS, [program('tsc'), '--project', 'test/clients'], options)
}
