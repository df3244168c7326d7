// SPDX-License-Identifier: Apache-2.0

// subxt: a program with the code that its command line generates from the chain. It takes one step
// each time it runs.

import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { path, run } from '../../src/processes.ts'
import { SUBMIT_TIMEOUT_MS } from '../../src/waits.ts'
import { type Client, type Member, Refusal, type Views } from './journey.ts'

const CODEGEN_TIMEOUT_MS = 120_000
const BUILD_TIMEOUT_MS = 890_000
/** Maximum size of the generated code. */
const MAX_CODE_SIZE = 64 * 1024 * 1024

/** Generates the code from the chain at this address, and builds the program with the dependencies of
 * the workspace. Returns its path. */
export async function build(subxt: string, url: string): Promise<string> {
  const crate = path('build/subxt-client')
  rmSync(crate, { recursive: true, force: true })
  mkdirSync(crate, { recursive: true })
  for (const file of ['Cargo.toml', 'main.rs']) {
    copyFileSync(path(`e2e/test/clients/subxt/${file}`), `${crate}/${file}`)
  }
  copyFileSync(path('Cargo.lock'), `${crate}/Cargo.lock`)
  const codegen = [subxt, 'codegen', '--allow-insecure', '--url', url]
  const { stdout } = await run(CODEGEN_TIMEOUT_MS, codegen, { maxBuffer: MAX_CODE_SIZE })
  writeFileSync(`${crate}/pool.rs`, stdout)
  const target = resolve(path('.'), process.env.CARGO_TARGET_DIR ?? 'target')
  const env = { ...process.env, CARGO_TARGET_DIR: target }
  await run(BUILD_TIMEOUT_MS, ['cargo', 'build', '--offline'], { cwd: crate, env })
  return `${target}/debug/subxt-client`
}

/** Returns a client that signs with the key of this derivation path. */
export function client(program: string, url: string, who: string, uri: string): Client {
  async function step<Result>(name: string, ...numbers: (number | bigint)[]): Promise<Result> {
    const command = [program, url, uri, name, ...numbers.map(String)]
    const { stdout } = await run(SUBMIT_TIMEOUT_MS, command)
    const result: Result | { error: string; text: string } = JSON.parse(stdout)
    if (isRefusal(result)) throw new Refusal(result.error, result.text)
    return result
  }

  const runtimeApi: Views = {
    members: () => step<Member[]>('members'),
    async odds(feePerGas) {
      const odds = await step<{ weights: string[]; sum: string }>('odds', feePerGas)
      return { weights: odds.weights.map(BigInt), sum: BigInt(odds.sum) }
    },
  }

  return {
    who,
    runtimeApi,
    // It encodes the arguments without their length, which the runtime does not decode.
    viewFunctions: null,
    stake: ({ amount, price, capacity }) => step('stake', amount, price, capacity),
    async propose(payload, gasLimit, maxFeePerGas) {
      return BigInt(await step<number>('propose', gasLimit, maxFeePerGas, ...payload))
    },
    proverOf: (block) => step('prover', block),
    exit: () => step('exit'),
    stop: async () => {},
  }
}

const isRefusal = (result: unknown): result is { error: string; text: string } =>
  typeof result === 'object' && result !== null && 'error' in result
