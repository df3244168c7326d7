// SPDX-License-Identifier: Apache-2.0

// Plays the life of a prover pool on a development chain, and shows what happens as a table in
// which every row is an event of the chain.
//
//     tsx src/demo.ts [URL]

import type { KeyringPair } from '@polkadot/keyring/types'
import { account, connect, type Event, named, now, submit } from './chain.ts'
import {
  alice,
  eventsAfter,
  fund,
  height,
  members,
  oneToken,
  proof,
  setParameters,
  type Parameters,
} from './pool.ts'

const GAS_LIMIT = 30_000_000

const chain = await connect(process.argv[2] ?? 'ws://127.0.0.1:9944').catch((error) => {
  console.error(`${error.message} Start one with make run.`)
  process.exit(1)
})
const { api } = chain
const { proverPool, rollup, utility } = api.tx

const startTime = await now(api)
let shownUpTo = await height(api)

// Names of our own, which another demo on the same chain does not have.
const operators = ['Ada', 'Ben', 'Cleo'].map((name) => account(`//Demo${shownUpTo}//${name}`))
const [ada, ben, cleo] = operators
const keys = new Map<string, KeyringPair>()
const names = new Map<string, string>()
const know = (name: string, key: KeyringPair) => {
  keys.set(key.address, key)
  names.set(key.address, name)
}
know('Ada', ada)
know('Ben', ben)
know('Cleo', cleo)
for (const name of ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie']) {
  know(name, account(`//${name}`))
}
const nameOf = (who: any) => names.get(who.toString()) ?? `${who.toString().slice(0, 6)}..`

/** What each prover has come to. */
const records = new Map<string, { drawn: number; proven: number; earned: bigint; slashed: number }>()
const recordOf = (who: any) => {
  const name = nameOf(who)
  if (!records.has(name)) records.set(name, { drawn: 0, proven: 0, earned: 0n, slashed: 0 })
  return records.get(name)!
}

const count = (value: any) => Number(value).toLocaleString('en')
const tokens = (amount: bigint) => (Number(amount) / Number(oneToken(api))).toFixed(5)
const row = (...cells: [string, string, string, string]) => {
  const [block, time, who, what] = cells
  console.log(`${block.padStart(6)}  ${time.padStart(7)}  ${who.padEnd(8)}  ${what}`)
}
const heading = (text: string) => console.log(`\n${text}\n`)

/** Chances in the draws of the next blocks, by address. */
let weights = new Map<string, { weight: number; each: number }>()

/** What a row says of an event, if it is one of the story. */
function tell(event: Event): [who: any, what: string] | null {
  switch (event.name) {
    case 'proverPool.Staked':
      return [
        event.who,
        `stakes ${count(event.amount)} tokens: proves ${event.currentCapacity} blocks at a time ` +
          `for ${event.rewardPerGas} per unit of gas`,
      ]
    case 'rollup.BlockProposed': {
      if (event.assigned.isNone) return [event.proposer, `proposes block ${event.blockId}, open to all`]
      const who = event.assigned.unwrap()
      const sum = [...weights.values()].reduce((sum, { weight }) => sum + weight, 0)
      const own = weights.get(who.toString())!
      const chance = Math.round((100 * own.weight) / sum)
      own.weight -= own.each
      recordOf(who).drawn += 1
      return [who, `is drawn for block ${event.blockId}, at a chance of ${chance} %`]
    }
    case 'rollup.BlockProven':
      recordOf(event.prover).proven += 1
      return [event.prover, `proves block ${event.blockId}`]
    case 'rollup.BlockSettled':
      recordOf(event.prover).earned += event.reward.toBigInt()
      return [event.prover, `is paid ${tokens(event.reward.toBigInt())} tokens for block ${event.blockId}`]
    case 'rollup.WindowClosed':
      return [event.missedBy, `missed block ${event.blockId}: from now on anyone may prove it`]
    case 'proverPool.Slashed':
      recordOf(event.who).slashed += event.amount.toNumber()
      return [event.who, `loses ${count(event.amount)} tokens for block ${event.blockId}`]
    case 'proverPool.Exited':
      return [event.who, `leaves: ${count(event.amount)} tokens can still be slashed for a while`]
    case 'proverPool.Withdrawn':
      return [event.who, `has ${count(event.amount)} tokens back`]
    default:
      return null
  }
}

/** Adds what happened since the last time to the table. */
async function show() {
  for (const event of await eventsAfter(api, shownUpTo)) {
    const told = tell(event)
    if (told) {
      const at = await api.at(await api.rpc.chain.getBlockHash(event.block))
      const clock = ((await at.query.timestamp.now()) as any).toNumber()
      row(String(event.block), `+${(clock - startTime) / 1000} s`, nameOf(told[0]), told[1])
    }
    shownUpTo = event.block
  }
}

/** Proposes so many blocks as the rollup does, and tells who was drawn. */
async function propose(count: number) {
  const pool = await members(api)
  const [list]: any = await api.call.proverPoolApi.getWeights(api.consts.rollup.feePerGas)
  weights = new Map(
    pool.map(({ id, who, capacity }) => {
      const weight = list[id - 1].toNumber()
      return [who, { weight, each: weight / capacity }]
    }),
  )
  const payloads = Array.from({ length: count }, (_, index) => `0x${(index + 1).toString(16).padStart(2, '0')}`)
  const calls = payloads.map((payload) => rollup.proposeBlock(payload, GAS_LIMIT))
  const events = await submit(utility.batchAll(calls), alice)
  await show()
  return named(events, 'rollup.BlockProposed').map(({ blockId, assigned }, index) => ({
    id: blockId.toNumber() as number,
    payload: payloads[index],
    drawn: assigned.toString() as string,
  }))
}

type Block = Awaited<ReturnType<typeof propose>>[0]

/** Has the provers of these blocks prove them, as far as their keys are known. */
async function prove(blocks: Block[]) {
  await Promise.all(
    [...keys].map(([address, key]) => {
      const own = blocks.filter(({ drawn }) => drawn === address)
      const calls = own.map(({ id, payload }) => rollup.proveBlock(id, proof(id, payload, key)))
      return calls.length > 0 && submit(utility.batchAll(calls), key)
    }),
  )
  // The chain settles in the block after.
  await chain.advance(0)
  await show()
}

const constant = ({ proverPool, rollup }: any): Parameters => ({
  ProverPool: {
    ExitPeriod: proverPool.exitPeriod.toNumber(),
    MinChangeDelay: proverPool.minChangeDelay.toNumber(),
  },
  Rollup: { ProofWindow: rollup.proofWindow.toNumber() },
})
const usual = constant(api.consts)
const SHORT = 30

console.log(`
A rollup makes blocks faster than it can prove them, so it has others prove them. They lock a stake
to enter a pool. For each block the pool draws one of them, who alone may prove it for some time and
is paid for it. Who does not deliver is slashed, and somebody else may have the reward.

Governance shortens the usual times to ${SHORT} s for this demo, and sets them back at its end.
`)
row('block', 'time', 'who', 'what')
row('-----', '----', '---', '----')

await submit(
  setParameters(api, {
    ProverPool: { ExitPeriod: SHORT, MinChangeDelay: 0 },
    Rollup: { ProofWindow: SHORT },
  }),
  alice,
)

heading('Three operators enter the pool, in which there may be others.')
await submit(fund(api, operators, 150_000), alice)
await Promise.all([
  submit(proverPool.stake(120_000, 10, 10), ada),
  submit(proverPool.stake(60_000, 9, 6), ben),
  submit(proverPool.stake(60_000, 12, 6), cleo),
])
await chain.advance(0)
await show()

heading(
  'The rollup proposes ten blocks. A larger stake, more free capacity and a lower price make it\n' +
    'likelier to be drawn.',
)
const blocks = await propose(10)

heading('They prove their blocks. Rewards are paid in the order of the blocks.')
await prove(blocks)

heading('The rollup proposes more blocks, and the prover of the first is silent.')
const [missed, ...rest] = await propose(5)
await prove(rest)
await chain.advance(SHORT + 1)
await chain.advance(0)
await show()

heading('Somebody else proves the block and is paid, and so are those who waited for it.')
const rescuer = missed.drawn === ada.address ? ben : ada
await prove([{ ...missed, drawn: rescuer.address }])

heading('The three leave. Their tokens stay where a slash can reach them until the exit is mature.')
await Promise.all(operators.map((key) => submit(proverPool.exit(), key)))
await show()
const refusal = await submit(proverPool.withdraw(), ada).catch((error) => error.message)
row('', '', 'Ada', `wants its tokens at once, and hears ${refusal}`)
await chain.advance(SHORT + 1)
await Promise.all(operators.map((key) => submit(proverPool.withdraw(), key)))
await show()

heading('So it ended:')
console.log(`${'who'.padEnd(8)}  ${'drawn'.padStart(6)}  ${'proven'.padStart(6)}  ${'earned'.padStart(9)}  ${'slashed'.padStart(7)}`)
for (const [name, { drawn, proven, earned, slashed }] of records) {
  console.log(
    `${name.padEnd(8)}  ${String(drawn).padStart(6)}  ${String(proven).padStart(6)}  ` +
      `${tokens(earned).padStart(9)}  ${count(slashed).padStart(7)}`,
  )
}

await submit(setParameters(api, usual), alice)
await chain.stop()
