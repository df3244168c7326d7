// SPDX-License-Identifier: Apache-2.0

// Disks that refuse to be written.

import { run } from '../../src/processes.ts'
import { COMMAND_TIMEOUT_MS } from '../../src/waits.ts'
import { allowWrites, fill, forbidWrites, free } from '../disk.ts'
import type { Fault } from './fault.ts'

const fullDisk: Fault = {
  name: 'full disk',
  async run(world, random) {
    const prover = random.pick(world.provers)
    fill(prover.data)
    await world.pass(random.between(5, 20))
    await world.proves()
    free(prover.data)
  },
}

const startOnFullDisk: Fault = {
  name: 'start on a full disk',
  async run(world, random) {
    const prover = random.pick(world.provers)
    fill(prover.data)
    await world.pass(random.below(8))
    await prover.end('SIGKILL')
    prover.start()
    await world.pass(5)
    await world.proves()
    free(prover.data)
  },
}

const readOnly: Fault = {
  name: 'read-only folder',
  async run(world, random) {
    const { data } = random.pick(world.provers)
    await world.pass(random.below(8))
    await forbidWrites(data)
    await world.pass(random.between(5, 20))
    await world.proves()
    await allowWrites(data)
  },
}

/** Limits the size of the files that a program writes, as `ulimit -f` does. */
const fileLimit: Fault = {
  name: 'file-size limit',
  async run(world, random) {
    const prover = random.pick(world.provers)
    const limit = async (size: string) =>
      run(COMMAND_TIMEOUT_MS, ['prlimit', '--pid', `${prover.pid}`, `--fsize=${size}:`])
    await limit('1024')
    await world.pass(random.between(5, 20))
    await world.proves()
    await limit('unlimited')
  },
}

export const diskFaults = [fullDisk, startOnFullDisk, readOnly, fileLimit]
