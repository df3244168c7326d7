// SPDX-License-Identifier: Apache-2.0

// Collators, by the commands of docs/production.md.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { binary, freePort, path, run } from '../src/processes.ts'
import { START_TIMEOUT_MS } from '../src/waits.ts'
import { Peer } from './peer.ts'
import { peerAddress, type Side } from './sides.ts'

/** Start of the commands of the node in the document. */
const PROGRAM = 'target/release/prover-pool-node'

/** Commands of the document, by what they contain. */
type Command =
  | 'chain-spec-builder'
  | 'sed -i'
  | 'export-genesis-head'
  | 'export-genesis-wasm'
  | 'generate-node-key'
  | 'key insert'
  | 'node-key -- --chain relay.json'
  | '--relay-chain-rpc-urls'

/** Values that the suite puts in place of those of the document. */
type Values = Record<string, string>

/** Returns a command of docs/production.md, with other values. Fails if there is not exactly one. */
function documented(command: Command, values: Values = {}): string {
  const blocks = readFileSync(path('docs/production.md'), 'utf8').matchAll(/^```sh$(.*?)^```$/gms)
  const lines = [...blocks]
    .flatMap(([, block]) => block.replaceAll(/ *\\\n */g, ' ').split('\n'))
    .filter((line) => line.includes(command))
  if (lines.length !== 1) throw new Error(`docs/production.md has ${lines.length} "${command}"`)
  let line = lines[0].replace(PROGRAM, `exec ${binary('prover-pool-node')}`)
  for (const [from, to] of Object.entries(values)) {
    if (!line.includes(from)) throw new Error(`docs/production.md: "${command}" has no ${from}`)
    line = line.replace(from, to)
  }
  return line
}

/** Runs a command of the document in this folder, and returns its output. */
const runDocumented = (folder: string, command: Command, values?: Values) =>
  run(START_TIMEOUT_MS, ['bash', '-c', documented(command, values)], { cwd: folder })

/** Writes the specification of the parachain, `chain.json`, and returns its genesis. */
export async function writeParachainSpec(folder: string, id: number) {
  await runDocumented(folder, 'chain-spec-builder', {
    'build/prover_pool_runtime.compact.compressed.wasm': join(folder, 'runtime.wasm'),
    '--para-id 2000': `--para-id ${id}`,
    '-t live': '-t local',
    'relay-chain polkadot': 'relay-chain rococo-local',
  })
  await runDocumented(folder, 'sed -i', { 'parachainId": 2000': `parachainId": ${id}` })
  await runDocumented(folder, 'export-genesis-head')
  await runDocumented(folder, 'export-genesis-wasm')
  const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim()
  return { head: read('genesis-head'), code: read('genesis-code') }
}

/** Collator of the suite. */
interface Collator {
  side: Side
  /** Derivation path of the key with which it signs blocks. */
  uri: string
  /** URL of a node of the relay chain. Without it, the collator has its own. */
  rpc?: string
  /** Bootnode of the relay chain. */
  relayBootnode: string
  /** Bootnodes of the parachain. */
  bootnodes: string[]
}

/** Prepares a collator in a folder of its own. Returns it, and its address for other nodes. */
export async function createCollator(parent: string, name: string, collator: Collator) {
  const { side, uri, rpc, relayBootnode, bootnodes } = collator
  const folder = join(parent, name)
  mkdirSync(folder)
  const spec = { 'chain.json': join(parent, 'chain.json') }
  const { stderr } = await runDocumented(folder, 'generate-node-key', spec)
  await runDocumented(folder, 'key insert', { ...spec, '"$SURI"': uri })
  const [port, rpcPort, relayPort] = [await freePort(), await freePort(), await freePort()]
  const options = [
    ...['--listen-addr', `/ip4/${peerAddress(side)}/tcp/${port}`, '--rpc-port', rpcPort],
    ...['--unsafe-rpc-external', '--rpc-cors', 'all', '--no-mdns', '--no-telemetry'],
    ...['--no-prometheus', '--no-hardware-benchmarks', ...bootnodes.flatMap(bootnode)],
  ].join(' ')
  const relayOptions = [
    ...['--listen-addr', `/ip4/${peerAddress(side)}/tcp/${relayPort}`],
    ...['--no-mdns', '--no-telemetry', '--no-prometheus', '--no-hardware-benchmarks'],
    ...bootnode(relayBootnode),
  ].join(' ')
  const files = { ...spec, 'relay.json': join(parent, 'relay.json') }
  const command = rpc
    ? documented('--relay-chain-rpc-urls', { ...files, 'ws://127.0.0.1:9945': rpc })
    : documented('node-key -- --chain relay.json', files)
  const [own, ofRelay] = command.split(' -- ')
  const whole = `${own} ${options} -- ${ofRelay} ${relayOptions}`
  const peer = new Peer(name, side, rpcPort, ['bash', '-c', `cd ${folder} && ${whole}`])
  return { peer, bootnode: `/ip4/${peerAddress(side)}/tcp/${port}/p2p/${stderr.trim()}` }
}

const bootnode = (address: string) => ['--bootnodes', address]
