// SPDX-License-Identifier: Apache-2.0

// The documents' commands of the prover program, as they stand there.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, setParameters } from '../src/accounts.ts'
import { submit } from '../src/chain.ts'
import { binary, path, run, startService } from '../src/processes.ts'
import { installProvingKey } from '../src/prover.ts'
import { COMMAND_TIMEOUT_MS, PROVERS_TIMEOUT_MS, until } from '../src/waits.ts'
import { useChain } from './chain.ts'

const DOCUMENTS = ['README.md', 'docs/operators.md']
const EXIT_PERIOD = 60

// The program waits for finality.
const chain = useChain({ finalizes: true })
const data = mkdtempSync(join(tmpdir(), 'prover-pool-commands-'))

beforeAll(async () => {
  await installProvingKey(data)
  const times = { ExitPeriod: EXIT_PERIOD, MinChangeDelay: 0 }
  await submit(setParameters(chain.api, { ProverPool: times }), alice)
})
afterAll(() => rmSync(data, { recursive: true }))

/** Returns the arguments of the program's commands in the `sh` blocks of a document. */
function commandsOf(document: string): string[][] {
  const blocks = readFileSync(path(document), 'utf8').matchAll(/^```sh$(.*?)^```$/gms)
  return [...blocks]
    .flatMap(([, block]) => block.replace(/ \\\n\s*/g, ' ').split('\n'))
    .filter((line) => line.startsWith('target/release/prover-pool-prover '))
    .map((line) => line.replace(/ +#.*/, '').split(' ').slice(1))
}

/** Starts the program, waits until it proves, and ends it. */
async function serve(command: string[]) {
  const service = startService('commands', command)
  await until(PROVERS_TIMEOUT_MS, `a running prover; see ${service.log}`, async () => {
    service.check()
    return readFileSync(service.log, 'utf8').includes('Proving for')
  })
  expect(await service.end('SIGTERM')).toBe(0)
}

test.each(DOCUMENTS)('the commands in %s work', async (document) => {
  const commands = commandsOf(document)
  expect(commands.length).toBeGreaterThan(0)
  for (const args of commands) {
    const command = [binary('prover-pool-prover'), ...args, '--url', chain.url, '--data', data]
    const runs = (name: string) => args.includes(name)
    // There is no terminal to ask for a confirmation.
    if (runs('stake') && !runs('--print')) command.push('--yes')
    if (runs('withdraw')) await chain.advance(EXIT_PERIOD + 1)
    if (runs('run') && !runs('--dry-run')) await serve([...command, '--no-metrics'])
    else await run(COMMAND_TIMEOUT_MS, command, { cwd: data })
  }
})
