// SPDX-License-Identifier: Apache-2.0

// subxt's command line. `make test-long SUITE=clients` installs it, and names its file by SUBXT. The
// prover program takes the steps of a prover by the same library: provers.test.ts tests it.

import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { path, run } from '../../src/processes.ts'
import { useChain } from '../chain.ts'

const CODEGEN_TIMEOUT_MS = 120_000
const CHECK_TIMEOUT_MS = 590_000

const subxt = process.env.SUBXT ?? ''

const manifest = (version: string) => `[package]
name = "subxt-codegen-check"
edition = "2021"

[dependencies]
subxt = { version = "=${version}", default-features = false, features = ["jsonrpsee", "native"] }

[workspace]
`

/** Generates code from a chain. */
async function generate(url: string): Promise<string> {
  const command = [subxt, 'codegen', '--allow-insecure', '--url', url]
  const { stdout } = await run(CODEGEN_TIMEOUT_MS, command, { maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

/** Compiles code in a crate of its own, with the dependencies of the workspace. */
async function check(version: string, code: string) {
  const crate = path('build/subxt-codegen')
  rmSync(crate, { recursive: true, force: true })
  mkdirSync(`${crate}/src`, { recursive: true })
  copyFileSync(path('Cargo.lock'), `${crate}/Cargo.lock`)
  writeFileSync(`${crate}/Cargo.toml`, manifest(version))
  writeFileSync(`${crate}/src/lib.rs`, code)
  const target = resolve(path('.'), process.env.CARGO_TARGET_DIR ?? 'target')
  const env = { ...process.env, CARGO_TARGET_DIR: target }
  await run(CHECK_TIMEOUT_MS, ['cargo', 'check', '--offline'], { cwd: crate, env })
}

describe.skipIf(!subxt)('the command line of subxt (skipped without SUBXT)', () => {
  const chain = useChain()

  test('generates code for the chain, which compiles', async () => {
    const { stdout } = await run(CODEGEN_TIMEOUT_MS, [subxt, 'version'])
    const [, version] = stdout.match(/(\d+\.\d+\.\d+)/)!
    const code = await generate(chain.url)
    expect(code).toContain('pub mod prover_pool_api')
    await check(version, code)
  })
})
