// SPDX-License-Identifier: Apache-2.0

// Relay chain with two validators, and the place of the parachain on it.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { u32 } from '@polkadot/types'
import { alice } from '../src/accounts.ts'
import { submit } from '../src/chain.ts'
import { binary, freePort, run } from '../src/processes.ts'
import { COMMAND_TIMEOUT_MS, START_TIMEOUT_MS, until } from '../src/waits.ts'
import { Peer } from './peer.ts'
import { peerAddress, type Side } from './sides.ts'

const PROGRAM = binary('polkadot')
/** Parts of a core: all of it. */
const WHOLE_CORE = 57_600
/** Maximum time in which a validator compiles a new runtime, before it votes against it. The default
 * is too short for a program without optimizations. */
const PRECHECK_TIMEOUT_MS = 300_000
/** Maximum number of sessions until their votes decide. */
const VOTING_SESSIONS = 10
/** Maximum time until a registered parachain is ready: the votes, and three sessions of a minute. */
const ONBOARDING_TIMEOUT_MS = 840_000

/** Relay chain specification, as far as it is changed. */
interface Spec {
  genesis: { runtimeGenesis: { patch: { configuration: { config: Record<string, object> } } } }
}

/** Writes the specification of a relay chain with a core and a group of both validators. */
export async function writeRelaySpec(folder: string): Promise<string> {
  const build = [PROGRAM, 'build-spec', '--disable-default-bootnode', '--chain']
  const options = { maxBuffer: 64 * 1024 * 1024 }
  const plain = await run(START_TIMEOUT_MS, [...build, 'rococo-local'], options)
  const spec: Spec = JSON.parse(plain.stdout)
  const { config } = spec.genesis.runtimeGenesis.patch.configuration
  Object.assign(config, {
    async_backing_params: { max_candidate_depth: 3, allowed_ancestry_len: 2 },
    executor_params: [{ PvfPrepTimeout: ['Precheck', PRECHECK_TIMEOUT_MS] }],
    pvf_voting_ttl: VOTING_SESSIONS,
    // A validator backs alone while the other one is out of reach.
    minimum_backing_votes: 1,
    scheduler_params: {
      ...config.scheduler_params,
      ...{ num_cores: 1, lookahead: 3, max_validators_per_core: null },
    },
  })
  const file = join(folder, 'relay-plain.json')
  writeFileSync(file, JSON.stringify(spec))
  const raw = await run(START_TIMEOUT_MS, [...build, file, '--raw'], options)
  writeFileSync(join(folder, 'relay.json'), raw.stdout)
  return join(folder, 'relay.json')
}

/** Prepares both validators. Returns them, and the address of the first. */
export async function createValidators(folder: string, spec: string) {
  const key = join(folder, 'alice-node-key')
  const generate = [PROGRAM, 'key', 'generate-node-key', '--file', key]
  const peerId = (await run(COMMAND_TIMEOUT_MS, generate)).stderr.trim()
  const port = await freePort()
  const bootnode = `/ip4/${peerAddress('west')}/tcp/${port}/p2p/${peerId}`
  const west = await createValidator('alice', 'west', [
    ...[...commonOptions(folder, spec, 'alice'), ...listen('west', port)],
    ...['--node-key-file', key],
  ])
  const east = await createValidator('bob', 'east', [
    ...[...commonOptions(folder, spec, 'bob'), ...listen('east', await freePort())],
    ...['--unsafe-force-node-key-generation', '--bootnodes', bootnode],
  ])
  return { west, east, bootnode }
}

async function createValidator(name: string, side: Side, options: string[]): Promise<Peer> {
  const port = await freePort()
  return new Peer(name, side, port, [PROGRAM, ...options, '--rpc-port', port])
}

const listen = (side: Side, port: string) => [
  '--listen-addr',
  `/ip4/${peerAddress(side)}/tcp/${port}`,
]

const commonOptions = (folder: string, spec: string, name: string) => [
  ...['--chain', spec, '--base-path', join(folder, name), `--${name}`, '--validator'],
  ...['--unsafe-rpc-external', '--rpc-cors', 'all', '--no-mdns', '--no-telemetry'],
  ...['--no-prometheus', '--no-hardware-benchmarks'],
  // A validator that is cut off also makes blocks.
  '--force-authoring',
  // To log executions for a while. Traces from the start would slow down all compilations.
  ...['--enable-log-reloading', '--rpc-methods', 'unsafe'],
  // The sandbox of the workers needs rights that not all machines give.
  '--insecure-validator-i-know-what-i-do',
]

/** Reserves the next id for a parachain, and returns it. */
export async function reserveId(relay: Peer): Promise<number> {
  const { query, tx } = relay.api
  const id = (await query.registrar.nextFreeParaId<u32>()).toNumber()
  await submit(tx.registrar.reserve(), alice)
  return id
}

/** Registers a parachain with its genesis, and gives it a core as the Coretime chain does. */
export async function register(relay: Peer, id: number, head: string, code: string) {
  const { tx } = relay.api
  await submit(tx.registrar.register(id, head, code), alice)
  const assignment: [object, number][] = [[{ Task: id }, WHOLE_CORE]]
  const begin = (await relay.best()) + 2
  await submit(tx.sudo.sudo(tx.coretime.assignCore(0, begin, assignment, null)), alice)
}

/** Waits until the relay chain accepts blocks of a registered parachain. */
export async function onboards(relay: Peer, id: number) {
  await until(ONBOARDING_TIMEOUT_MS, `the parachain ${id} on the relay chain`, async () => {
    relay.check()
    const state = await relay.api.query.paras.paraLifecycles(id)
    if (state.isEmpty) throw new Error('the validators voted against the code')
    return state.toString() === 'Parathread'
  })
}
