// SPDX-License-Identifier: Apache-2.0

// Two network namespaces, each with half of the nodes, and links to them that can be cut.

import { run } from '../src/processes.ts'
import { COMMAND_TIMEOUT_MS } from '../src/waits.ts'

/** Namespaces, in the order of their addresses. */
const SIDES = ['west', 'east'] as const

export type Side = (typeof SIDES)[number]

/** Bridge between the sides. It has no address, so the tests' namespace forwards nothing else. */
const BRIDGE = 'bridge'
/** Retransmissions of TCP before a connection is given up: about 6 seconds. */
const RETRANSMISSIONS = 4

const ip = (...args: string[]) => run(COMMAND_TIMEOUT_MS, ['ip', ...args])

/** Returns the address of a side for the nodes of the other one. */
export const peerAddress = (side: Side) => `10.77.0.${SIDES.indexOf(side) + 1}`

/** Returns the address of a side for the tests and the programs of the provers. */
export const address = (side: Side) => `10.77.${SIDES.indexOf(side) + 1}.2`

/** Returns the tests' address on their link to a side. */
const testsAddress = (side: Side) => `10.77.${SIDES.indexOf(side) + 1}.1`

/** Returns a command that runs this one on a side. */
export const on = (side: Side, command: string[]) => ['ip', 'netns', 'exec', side, ...command]

/** Creates both sides. Changes the network of this process, so this must be a namespace too. */
export async function createSides() {
  if (!process.env.RELAY_NAMESPACE) throw new Error('use: make test-long SUITE=relay')
  await ip('link', 'set', 'lo', 'up')
  await ip('link', 'add', BRIDGE, 'type', 'bridge')
  await ip('link', 'set', BRIDGE, 'up')
  for (const side of SIDES) {
    await ip('netns', 'add', side)
    await ip('-n', side, 'link', 'set', 'lo', 'up')
    const limit = `echo ${RETRANSMISSIONS} >/proc/sys/net/ipv4/tcp_retries2`
    await run(COMMAND_TIMEOUT_MS, on(side, ['bash', '-c', limit]))
    await addLink(side, 'tests', address(side))
    await ip('address', 'add', `${testsAddress(side)}/24`, 'dev', endOf(side, 'tests'))
    await addLink(side, 'peers', peerAddress(side))
    await ip('link', 'set', endOf(side, 'peers'), 'master', BRIDGE)
  }
}

/** Links a side to the namespace of the tests, by an interface with this address. */
async function addLink(side: Side, name: 'peers' | 'tests', address: string) {
  const end = endOf(side, name)
  await ip('link', 'add', end, 'type', 'veth', 'peer', name, 'netns', side)
  await ip('link', 'set', end, 'up')
  await ip('-n', side, 'address', 'add', `${address}/24`, 'dev', name)
  await ip('-n', side, 'link', 'set', name, 'up')
}

/** Returns the interface of the tests' namespace at the other end of a link. */
const endOf = (side: Side, name: string) => `${side}-${name}`

/** Cuts the link between the sides. The interface of each side stays up, so that its own nodes reach
 * each other. */
export const cut = () => ip('link', 'set', endOf('west', 'peers'), 'down')

/** Connects the sides again. */
export const heal = () => ip('link', 'set', endOf('west', 'peers'), 'up')
