// SPDX-License-Identifier: Apache-2.0

// Plays the life of a prover pool on a development chain, with the program that operators run, and
// shows what happens as a table in which every row is an event of the chain.
//
//     tsx src/demo.ts [URL]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { alice, fund, setParameters } from './accounts.ts'
import { account, connect, height, now, submit } from './chain.ts'
import { makeProvingKey, payload } from './circuit.ts'
import { Narration } from './narration.ts'
import { members } from './pool.ts'
import { Operator } from './prover.ts'
import { isProven, progressOf, propose, type Proposed } from './rollup.ts'

// The times of this demo, in seconds of the chain's clock.
const WINDOW = 120
const COOLDOWN = 12
const EXIT_PERIOD = 12
/** Enough for 8 transfers. */
const GAS_LIMIT = 200_000

const chain = await connect(process.argv[2] ?? 'ws://127.0.0.1:9944').catch((error) => {
  console.error(`${error.message} Start one with make run.`)
  process.exit(1)
})
const { api } = chain
const start = await height(api)
const folder = mkdtempSync(join(tmpdir(), 'prover-pool-demo-'))

// Keys of our own, which another demo on the same chain does not have.
const uriOf = (name: string) => `//Demo${start}//${name}`
const operatorOf = (name: string, uri: string) =>
  new Operator(name, uri, chain.url, join(folder, name))
const ada = { key: account(uriOf('Ada')), program: operatorOf('Ada', uriOf('Ada')) }
const ben = { key: account(uriOf('Ben')), program: operatorOf('Ben', uriOf('Ben')) }
const programs = [ada.program, ben.program]
const wellKnown = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie']

const narration = new Narration(api, start, await now(api), [
  ['Ada', ada.key],
  ['Ben', ben.key],
  ...wellKnown.map((name) => [name, account(`//${name}`)] as const),
])

/** The values of governance that the demo changes, as they are before it. */
const usual = {
  ProverPool: {
    ExitPeriod: (api.consts.proverPool.exitPeriod as any).toNumber(),
    MinChangeDelay: (api.consts.proverPool.minChangeDelay as any).toNumber(),
  },
  Rollup: {
    MinProofWindow: (api.consts.rollup.minProofWindow as any).toNumber(),
    Cooldown: (api.consts.rollup.cooldown as any).toNumber(),
  },
}

/** Shows what happens until the chain is as it should be. */
async function until(holds: () => Promise<boolean>, everySecond = async () => {}) {
  for (;;) {
    await narration.show()
    for (const program of programs) program.check()
    if (await holds()) return
    await delay(1000)
    await everySecond()
  }
}

const areProven = async (blocks: Proposed[]) =>
  (await Promise.all(blocks.map(({ id }) => isProven(api, id)))).every(Boolean)

/** Moves the chain's clock, and shows what happens meanwhile. */
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

/** Shows what happens until all blocks up to this one are settled. */
const areSettled = (last: number) =>
  until(
    async () => (await progressOf(api)).settled >= last,
    () => chain.advance(0),
  )

/** The rollup proposes so many blocks, of two transfers each. */
async function proposeBlocks(count: number): Promise<Proposed[]> {
  await narration.readWeights()
  const payloads = Array.from({ length: count }, (_, index) =>
    payload([index, index + 1, 1_000], [index + 2, 15, 10]),
  )
  const blocks = await propose(api, alice, payloads, GAS_LIMIT)
  await narration.show()
  return blocks
}

/** Blocks from before the demo are settled before its own. */
async function finishOldBlocks() {
  const { proposed, settled } = await progressOf(api)
  if (proposed === settled) return
  narration.heading(
    `${proposed - settled} blocks from before wait to be proven and settled, and the rollup settles\n` +
      'in order. Their provers are started; what has none, others prove when its window is over.',
  )
  for (const name of wellKnown) {
    const pending: any = await api.call.rollupApi.pendingBlocks(account(`//${name}`).address)
    if (pending.length === 0) continue
    const program = operatorOf(name, `//${name}`)
    programs.push(program)
    await program.start()
  }
  await areSettled(proposed)
  // From here on, Ada and Ben are alone.
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
    'Ada and Ben enter the pool. Their stakes make all others in it, for whom no program may run,\n' +
      'unlikely to be drawn. Each starts the program that proves.',
  )
  const fee = ((await api.call.rollupApi.feePerGas()) as any).toNumber()
  await submit(fund(api, [ada.key, ben.key], 1_000_100), alice)
  await Promise.all([
    ada.program.command('stake', '1000000', `${fee}`, '100'),
    ben.program.command('stake', '800000', `${Math.round(0.9 * fee)}`, '80'),
  ])
  await Promise.all([ada.program.start(), ben.program.start()])
  await chain.advance(0)
  await narration.show()
  await finishOldBlocks()

  narration.heading(
    'The rollup proposes blocks of transfers. A larger stake, more free capacity and a lower price\n' +
      'make it likelier to be drawn. Whoever is drawn proves the block, in a few seconds.',
  )
  const blocks = await proposeBlocks(4)
  await until(() => areProven(blocks))

  narration.heading(
    'A proof can be overridden for a while. Then its prover is paid, in the order of the blocks.',
  )
  await areSettled(blocks.at(-1)!.id)

  narration.heading("Ben's machine breaks down: its program is killed. The rollup goes on.")
  await ben.program.end('SIGKILL')
  const missed: Proposed[] = []
  const others: Proposed[] = []
  while (missed.length === 0) {
    for (const block of await proposeBlocks(2)) {
      ;(block.drawn === ben.key.address ? missed : others).push(block)
    }
  }
  await until(() => areProven(others.filter(({ drawn }) => drawn === ada.key.address)))

  const all = [...missed, ...others]
  const left = Math.max(...all.map(({ closesAt }) => closesAt)) + 1 - (await now(api)) / 1000
  narration.heading(
    `In ${left} s by the chain's clock its windows are closed. Half of what it loses then is for\n` +
      'whoever proves its blocks.',
  )
  await pass(left)
  await until(() => areProven(all))
  await areSettled(Math.max(...all.map(({ id }) => id)))

  narration.heading(
    'Both leave. Their tokens stay where a slash can reach them until the exit period is over.',
  )
  await leave()
  await pass(EXIT_PERIOD + 1)
  await Promise.all([ada, ben].map(({ key }) => submit(api.tx.proverPool.withdraw(), key)))
  await narration.show()
  const giveBack = api.tx.balances.transferAll(alice.address, false)
  await Promise.all([ada, ben].map(({ key }) => submit(giveBack, key)))

  narration.heading('So it ended:')
  narration.showFigures()
}

/** Has those leave the pool that are in it. */
async function leave() {
  const inPool = (await members(api)).map(({ who }) => who)
  const leaving = [ada, ben].filter(({ key }) => inPool.includes(key.address))
  await Promise.all(leaving.map(({ key }) => submit(api.tx.proverPool.exit(), key)))
}

console.log(`
A rollup makes blocks faster than it can prove them, so it has others prove them. They lock a stake
to enter a pool. For each block the pool draws one of them, who alone may prove it for some time and
is paid for it. Who does not deliver is slashed, and somebody else may have the reward.

Governance shortens the usual times for this demo, and sets them back at its end.
`)
narration.showColumns()

const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => reject(new Error(`The demo was ended by ${signal}.`)))
  }
})
let exitCode = 0
try {
  await Promise.race([play(), interrupted])
} catch (error: any) {
  console.error(`\n${error.message}`)
  exitCode = 1
} finally {
  await Promise.all(programs.map((program) => program.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
  // The chain is as it was, as far as it still runs.
  await leave()
    .then(() => submit(setParameters(api, usual), alice))
    .catch(({ message }) => console.error(`The chain keeps the times of the demo: ${message}`))
}
process.exit(exitCode)
