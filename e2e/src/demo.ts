// SPDX-License-Identifier: Apache-2.0

// Demo of a prover pool on a development chain, with the prover program. Prints a table with a row
// for each event of the chain.
//
//     tsx src/demo.ts [URL]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { u32, u64, Vec } from '@polkadot/types'
import { alice, fund, setParameters } from './accounts.ts'
import { account, clock, connect, constant, height, submit } from './chain.ts'
import { Narration } from './narration.ts'
import { members } from './pool.ts'
import { Operator } from './prover.ts'
import { type Drawn, draw, hasTransition, isProven, positions, propose } from './rollup.ts'
import { makeProvingKey, payload } from './transfer-rollup.ts'
import { until } from './waits.ts'

// The times of this demo, in seconds of the rollup's clock.
const WINDOW = 120
const COOLDOWN = 60
const EXIT_PERIOD = 60
/** Maximum time until the chain reaches a state, in milliseconds. */
const TIMEOUT_MS = 300_000
/** Maximum number of proposals until each prover is drawn. */
const MAX_ROUNDS = 20
/** Enough for 8 transfers. */
const GAS_LIMIT = 200_000

const chain = await connect(process.argv[2] ?? 'ws://127.0.0.1:9944').catch((error) => {
  console.error(`${error.message} Start one with 'make run'.`)
  process.exit(1)
})
const { api } = chain
const start = await height(api)
const folder = mkdtempSync(join(tmpdir(), 'prover-pool-demo-'))

// Keys of this run only, so that the demo can run again on the same chain.
const uriOf = (name: string) => `//Demo${start}//${name}`
const operatorOf = (name: string, uri: string) =>
  new Operator(name, uri, chain.url, join(folder, name))
const ada = { key: account(uriOf('Ada')), program: operatorOf('Ada', uriOf('Ada')) }
const ben = { key: account(uriOf('Ben')), program: operatorOf('Ben', uriOf('Ben')) }
const programs = [ada.program, ben.program]
const wellKnown = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie']

const narration = new Narration(api, start, await clock(api), [
  ['Ada', ada.key],
  ['Ben', ben.key],
  ...wellKnown.map((name) => [name, account(`//${name}`)] as const),
])

/** Original values of the parameters that the demo changes. */
const usual = {
  ProverPool: {
    ExitPeriod: Number(constant(api, 'proverPool', 'exitPeriod')),
    MinChangeDelay: Number(constant(api, 'proverPool', 'minChangeDelay')),
  },
  Rollup: {
    MinProofWindow: Number(constant(api, 'rollup', 'minProofWindow')),
    Cooldown: Number(constant(api, 'rollup', 'cooldown')),
  },
}

/** Prints the events until a condition holds, which `what` names. */
const show = (what: string, holds: () => Promise<boolean>, everySecond = async () => {}) =>
  until(
    TIMEOUT_MS,
    `${what}; see the logs in build`,
    async () => {
      await narration.show()
      for (const program of programs) program.check()
      if (await holds()) return true
      await everySecond()
      return false
    },
    1000,
  )

const makeBlock = () => chain.makeBlocks(1)
/** Waits until these blocks have transitions, without advancing the clock. */
const haveTransitions = (blocks: Drawn[]) =>
  show(`the transitions of blocks ${blocks.map(({ id }) => id).join(', ')}`, async () =>
    (await Promise.all(blocks.map(({ id }) => hasTransition(api, id)))).every(Boolean),
  )
const areProven = (last: number) =>
  show(`the proof of block ${last}`, () => isProven(api, last), makeBlock)
const areSettled = (last: number) =>
  show(
    `the settlement of block ${last}`,
    async () => (await positions(api)).settled >= last,
    makeBlock,
  )

/** Advances the rollup's clock, and prints the events meanwhile. */
async function pass(seconds: number) {
  let hasPassed = false
  const passing = chain.advance(seconds).finally(() => {
    hasPassed = true
  })
  while (!hasPassed) {
    await Promise.race([passing, delay(1000)])
    await narration.show()
  }
}

/** Proposes blocks of two transfers each, and prints their draws. */
async function proposeBlocks(count: number): Promise<Drawn[]> {
  await narration.readWeights()
  const payloads = Array.from({ length: count }, (_, index) =>
    payload([index, index + 1, 1_000], [index + 2, 15, 10]),
  )
  const blocks = await draw(chain, await propose(api, alice, payloads, GAS_LIMIT))
  await narration.show()
  return blocks
}

/** Waits until the blocks from before the demo are settled. */
async function finishOldBlocks() {
  const { proposed, settled } = await positions(api)
  if (proposed === settled) return
  narration.heading(
    `${proposed - settled} earlier blocks are not settled. Blocks settle in order, so the\n` +
      'programs of their provers are started. Anyone may prove open blocks.',
  )
  await show(
    `the draw of block ${proposed}`,
    async () => (await positions(api)).drawn >= proposed,
    makeBlock,
  )
  for (const name of wellKnown) {
    const { address } = account(`//${name}`)
    const pending = await api.call.rollupApi.pendingBlocks<Vec<u64>>(address)
    if (pending.length === 0) continue
    const program = operatorOf(name, `//${name}`)
    programs.push(program)
    await program.start()
  }
  await areSettled(proposed)
  // The rest of the demo is about Ada and Ben only.
  await Promise.all(programs.splice(2).map((program) => program.end('SIGTERM')))
}

async function play() {
  await submit(
    setParameters(api, {
      ProverPool: { ExitPeriod: EXIT_PERIOD, MinChangeDelay: 0 },
      Rollup: { MinProofWindow: WINDOW, Cooldown: COOLDOWN },
    }),
    alice,
  )
  await makeProvingKey()

  narration.heading(
    'Ada and Ben enter the pool. Their stakes are large, so the draws rarely select the other\n' +
      'members, which may run no program. Each starts the prover program.',
  )
  const fee = (await api.call.rollupApi.feePerGas<u32>()).toNumber()
  await submit(fund(api, [ada.key, ben.key], 300_100), alice)
  await Promise.all([
    ada.program.stake(300_000, fee, 30),
    ben.program.stake(250_000, Math.round(0.9 * fee), 25),
  ])
  await Promise.all([ada.program.start(), ben.program.start()])
  await makeBlock()
  await narration.show()
  await finishOldBlocks()

  narration.heading(
    'The rollup proposes blocks of transfers. Their provers are drawn two blocks later, from\n' +
      'seeds that were unknown at the proposal. A larger stake, more free capacity and a lower\n' +
      'price make a draw likelier. A prover proves its block in a few seconds. The proof waits\n' +
      'for those of earlier blocks.',
  )
  const blocks = await proposeBlocks(4)
  const last = blocks.at(-1)!.id
  await haveTransitions(blocks)
  await areProven(last)

  narration.heading(
    'Governance can override a state root during the cooldown. Then the provers are paid, in\n' +
      'the order of the blocks.',
  )
  await areSettled(last)

  narration.heading("Ben's machine fails: its program is killed. The rollup continues.")
  await ben.program.end('SIGKILL')
  const all: Drawn[] = []
  const ofProver = ({ key }: typeof ada) => all.filter(({ prover }) => prover === key.address)
  for (let round = 0; ofProver(ben).length === 0; round++) {
    if (round === MAX_ROUNDS) throw new Error(`Ben is drawn for none of ${all.length} blocks.`)
    all.push(...(await proposeBlocks(2)))
  }
  await haveTransitions(ofProver(ada))

  const left = Math.max(...all.map(({ deadline }) => deadline)) + 1 - (await clock(api))
  narration.heading(
    `Ben's deadlines pass in ${left} s of the rollup's clock. Then anyone may prove its blocks.\n` +
      'Ben is slashed when they settle, and their prover gets a part of the slash as a bounty.',
  )
  await pass(Math.max(0, left))
  await areProven(all.at(-1)!.id)
  await areSettled(all.at(-1)!.id)

  narration.heading(
    'Both leave. Their stakes can be slashed during the exit period, and withdrawn after it.',
  )
  await leave()
  await pass(EXIT_PERIOD + 1)
  await Promise.all([ada, ben].map(({ key }) => submit(api.tx.proverPool.withdraw(), key)))
  await narration.show()
  const giveBack = api.tx.balances.transferAll(alice.address, false)
  await Promise.all([ada, ben].map(({ key }) => submit(giveBack, key)))

  narration.heading('The totals:')
  narration.showFigures()
}

/** Makes Ada and Ben leave the pool if they are members. */
async function leave() {
  const inPool = (await members(api)).map(({ who }) => who)
  const leaving = [ada, ben].filter(({ key }) => inPool.includes(key.address))
  await Promise.all(leaving.map(({ key }) => submit(api.tx.proverPool.exit(), key)))
}

console.log(`
A rollup makes blocks faster than it can prove them, so a pool of provers proves them. Provers lock
a stake to enter the pool. The pool draws one of them for each block. Until the deadline, only the
drawn prover may prove the block, and is paid for it. A prover that misses a block is slashed, and
another one is paid.

Governance shortens the times for this demo, and restores them at its end.
`)
narration.showColumns()

const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => reject(new Error(`The demo was stopped by ${signal}.`)))
  }
})
let exitCode = 0
try {
  await Promise.race([play(), interrupted])
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  exitCode = 1
} finally {
  await Promise.all(programs.map((program) => program.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
  // Restores the times, if the chain still runs.
  await leave().catch(({ message }) => console.error(`Ada and Ben did not leave: ${message}`))
  await submit(setParameters(api, usual), alice).catch(({ message }) =>
    console.error(`Could not restore the times of the chain: ${message}`),
  )
}
process.exit(exitCode)
