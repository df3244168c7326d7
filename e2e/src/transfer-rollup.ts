// SPDX-License-Identifier: Apache-2.0

// The example rollup: execution and proofs of its blocks, by the program `transfer-rollup`.

import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { KeyringPair } from '@polkadot/keyring/types'
import { bnToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { binary, launch, path, run } from './processes.ts'
import { KEY_TIMEOUT_MS, PROOF_TIMEOUT_MS, within } from './waits.ts'

/** Path of the proving key. Generating it takes a while. */
export const PROVING_KEY = path('build/proving-key.bin')

/** Command that answers requests, one per line. */
const COMMAND = [binary('transfer-rollup'), 'serve', '--keys', PROVING_KEY]

/** Balances of the rollup's 16 accounts, in decimal. */
export type Balances = string[]

/** Rollup block, and the balances before it. `null` stands for those of genesis. */
export interface Block {
  id: number
  payload: string
  gasLimit: number
  parent: Balances | null
}

/** State transition of a block, as the argument of a call. */
export interface Transition {
  parentStateRoot: string
  stateRoot: string
  gasUsed: number
}

/** State transition of a block, and the balances after it. */
export interface Execution {
  transition: Transition
  balances: Balances
}

/** State transition and its proof. */
export interface Proven {
  transition: Transition
  proof: string
}

/** Returns a payload of up to 8 transfers: from, to, amount. It is padded with transfers of zero,
 * which the rollup skips. */
export function payload(...transfers: [from: number, to: number, amount: number][]): string {
  const bytes = transfers.map(([from, to, amount]) =>
    u8aConcat([from, to], bnToU8a(amount, { bitLength: 32, isLe: true })),
  )
  return u8aToHex(u8aConcat(...bytes, new Uint8Array(48)).subarray(0, 48))
}

/** Generates the proving key, unless it exists. */
export async function makeProvingKey() {
  mkdirSync(path('build'), { recursive: true })
  await run(KEY_TIMEOUT_MS, COMMAND)
}

/** Client of the program, which executes and proves blocks of the rollup on one chain. The program
 * starts at the first request, and answers in order. */
export class TransferRollup {
  private program: ChildProcess | null = null
  private readonly waiting: { resolve(line: string): void; reject(error: Error): void }[] = []

  /** Creates a client for the chain with this genesis hash. */
  constructor(private readonly chain: string) {}

  /** Executes a block. */
  async execute(block: Block): Promise<Execution> {
    return this.run(block, `0x${'00'.repeat(32)}`, false)
  }

  /** Proves a block in the name of this account. */
  async prove(block: Block, prover: KeyringPair): Promise<Execution & Proven> {
    return this.run(block, u8aToHex(prover.publicKey), true)
  }

  /** Ends the program. */
  end() {
    this.program?.kill()
  }

  private async run({ id, payload, gasLimit, parent }: Block, prover: string, prove: boolean) {
    const { chain } = this
    const request = { chain, prover, blockId: id, payload, gasLimit, parent, prove }
    const what = `transfer-rollup to ${prove ? 'prove' : 'execute'} block ${id}`
    const answer = await within(PROOF_TIMEOUT_MS, what, this.ask(JSON.stringify(request)))
    const { error, balances, proof, ...transition } = JSON.parse(answer)
    if (error) throw new Error(`the program transfer-rollup rejects block ${id}: ${error}`)
    return { transition: transition as Transition, balances: balances as Balances, proof }
  }

  private ask(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.program ??= this.start()
      this.waiting.push({ resolve, reject })
      this.program.stdin!.write(`${request}\n`)
    })
  }

  private start(): ChildProcess {
    mkdirSync(path('build'), { recursive: true })
    const program = launch(COMMAND, ['pipe', 'pipe', 'inherit'])
    const fail = (reason: string) => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`${COMMAND[0]}: ${reason}`))
    }
    program.once('error', ({ message }) => fail(message)).once('close', () => fail('it has ended'))
    // The events above report writes after its end.
    program.stdin!.on('error', () => {})
    createInterface(program.stdout!).on('line', (line) => this.waiting.shift()?.resolve(line))
    return program
  }
}
