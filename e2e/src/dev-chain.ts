// SPDX-License-Identifier: Apache-2.0

// Runs the real runtime on chopsticks, in one process. The chain makes a block for each batch of
// transactions.
//
//     tsx src/dev-chain.ts [PORT]

import { execFileSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { setupWithServer } from '@acala-network/chopsticks'
import { bnToHex, u8aConcat, u8aToHex } from '@polkadot/util'
import { xxhashAsU8a } from '@polkadot/util-crypto'
import { SLOT_MS } from './chain.ts'
import { developmentSpec } from './genesis.ts'
import { binary } from './processes.ts'

const port = Number(process.argv[2] ?? 9944)

const runtime = execFileSync(binary('prover-pool-runtime-wasm'), {
  maxBuffer: 64 * 1024 * 1024,
  timeout: 60_000,
})
const spec = await developmentSpec(runtime)
// Without a timestamp in the state, chopsticks reads the wall clock several times for the first
// block. The runtime rejects a block whose slot, timestamp and relay chain disagree.
const clock = u8aToHex(u8aConcat(xxhashAsU8a('Timestamp', 128), xxhashAsU8a('Now', 128)))
const time = Math.floor(Date.now() / SLOT_MS) * SLOT_MS
spec.genesis.raw.top[clock] = bnToHex(time, { bitLength: 64, isLe: true })

const { addr, close } = await setupWithServer({
  'chain-spec': spec,
  host: '127.0.0.1',
  port,
  'build-block-mode': 'Batch',
} as Parameters<typeof setupWithServer>[0])

// Chopsticks uses another port if this one is in use. Clients would not find it there.
if (addr !== `127.0.0.1:${port}`) {
  await close()
  console.error(`Port ${port} is in use: stop the program that listens there.`)
  process.exit(1)
}

// Another thread writes the log of chopsticks. This message must come after it.
await delay(1000)
console.log(`
A chain with a prover pool runs at ws://${addr}. It makes a block whenever a transaction arrives.
A rollup block is drawn in the second block after its proposal.

  See a pool live     make demo, in another terminal; the first time it builds the prover
  Look around         https://polkadot.js.org/apps/?rpc=ws://${addr}
  Prove               cargo run --release --bin prover-pool-prover -- run --dev //Eve
  Stake               Developer > Extrinsics > proverPool > stake; see docs/operators.md
  Accounts            //Alice to //Ferdie have 10 million tokens each, and Alice is sudo
  End it              Ctrl-C
`)
