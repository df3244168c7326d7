// SPDX-License-Identifier: Apache-2.0

// Two network namespaces, each with half of the nodes, and links to them that can be cut.

import { run } from '../src/processes.ts'
import { COMMAND_TIMEOUT_MS } from '../src/waits.ts'

/** Namespaces, in the order of their addresses. */
const SIDES = ['west', 'east'] as const

export type Side = (typeof SIDES)[number]

/** Retransmissions of TCP before a connection is given up: about 6 seconds. */
const RETRANSMISSIONS = 4

const ip = (...args: string[]) => run(COMMAND_TIMEOUT_MS, ['ip', ...args])

/** Returns the address of a side for the nodes of the other one. */
export const peerAddress = (side: Side) => `10.77.0.${SIDES.indexOf(side) + 1}`

/** Returns the address of a side for the tests and the programs of the provers. */
export const address = (side: Side) => `10.77.${SIDES.indexOf(side) + 1}.2`

/** Returns a command that runs this one on a side. */
export const on = (side: Side, command: string[]) => ['ip', 'netns', 'exec', side, ...command]

/** Creates both sides. Changes the network of this process, so this must be a namespace too. */
export async function createSides() {
  if (!process.env.RELAY_NAMESPACE) throw new Error('use: make test-long SUITE=relay')
  await ip('link', 'set', 'lo', 'up')
  for (const side of SIDES) {
    await ip('netns', 'add', side)
    await ip('-n', side, 'link', 'set', 'lo', 'up')
    const option = `net.ipv4.tcp_retries2=${RETRANSMISSIONS}`
    await run(COMMAND_TIMEOUT_MS, on(side, ['sysctl', '--quiet', '--write', option]))
    await ip('link', 'add', side, 'type', 'veth', 'peer', 'tests', 'netns', side)
    await ip('address', 'add', address(side).replace(/2$/, '1/24'), 'dev', side)
    await ip('link', 'set', side, 'up')
    await addLink(side, 'tests', `${address(side)}/24`)
  }
  const [west, east] = SIDES
  await ip('-n', west, 'link', 'add', 'peers', 'type', 'veth', 'peer', 'peers', 'netns', east)
  for (const side of SIDES) await addLink(side, 'peers', `${peerAddress(side)}/24`)
}

async function addLink(side: Side, name: string, address: string) {
  await ip('-n', side, 'address', 'add', address, 'dev', name)
  await ip('-n', side, 'link', 'set', name, 'up')
}

/** Cuts the link between the sides. */
export const cut = () => ip('-n', SIDES[0], 'link', 'set', 'peers', 'down')

/** Connects the sides again. */
export const heal = () => ip('-n', SIDES[0], 'link', 'set', 'peers', 'up')
