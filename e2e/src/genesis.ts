// SPDX-License-Identifier: Apache-2.0

// Raw specification of the development chain. As for a node, the runtime API `GenesisBuilder`
// builds its genesis state.

import { emptyTaskHandler, runTask } from '@acala-network/chopsticks'
import {
  compactAddLength,
  compactStripLength,
  hexToU8a,
  stringToU8a,
  u8aConcat,
  u8aToHex,
  u8aToString,
} from '@polkadot/util'
import { parse, stringify } from 'lossless-json'

/** Storage key of the runtime's code. */
const CODE_KEY = u8aToHex(stringToU8a(':code'))

const emptyState = {
  ...emptyTaskHandler,
  getStorage: async () => undefined,
  getNextKey: async () => undefined,
}

/** Returns the specification of a development chain with this WebAssembly as its runtime. */
export async function developmentSpec(runtime: Uint8Array) {
  const code = u8aToHex(runtime)
  const config = merge(await preset(code), await preset(code, 'development'))
  const json = stringToU8a(stringify(config))
  const { result, storageDiff } = await call(code, 'build_state', compactAddLength(json))
  const [isError, ...message] = hexToU8a(result)
  if (isError) throw new Error(`the genesis is not valid: ${u8aToString(vector(message))}`)
  return {
    id: 'prover-pool-dev',
    name: 'Prover Pool Development',
    properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'PPT' },
    genesis: { raw: { top: { ...Object.fromEntries(storageDiff), [CODE_KEY]: code } } },
  }
}

/** Returns the default configuration of the genesis, or the patch of a preset. */
async function preset(code: string, name?: string) {
  const id = name === undefined ? [0] : u8aConcat([1], compactAddLength(stringToU8a(name)))
  const { result } = await call(code, 'get_preset', Uint8Array.from(id))
  const [isSome, ...json] = hexToU8a(result)
  if (!isSome) throw new Error(`the runtime has no preset ${name}`)
  // Amounts exceed the exact range of JavaScript's numbers.
  return parse(u8aToString(vector(json)))
}

/** Returns the content of an encoded `Vec<u8>`. */
const vector = (bytes: number[]) => compactStripLength(Uint8Array.from(bytes))[1]

/** Applies a JSON merge patch to `config`. */
function merge(config: unknown, patch: unknown): unknown {
  if (!isObject(config) || !isObject(patch)) return patch
  const merged = Object.entries(patch).map(([key, value]) => [key, merge(config[key], value)])
  return { ...config, ...Object.fromEntries(merged) }
}

const isObject = (value: unknown): value is Record<string, unknown> => value?.constructor === Object

/** Calls a function of the runtime API on an empty state. */
async function call(code: string, name: string, argument: Uint8Array) {
  const response = await runTask(
    {
      wasm: code as `0x${string}`,
      calls: [[`GenesisBuilder_${name}`, [u8aToHex(argument)]]],
      mockSignatureHost: false,
      allowUnresolvedImports: false,
      runtimeLogLevel: 0,
    },
    emptyState,
  )
  if ('Error' in response) throw new Error(response.Error)
  return response.Call
}
