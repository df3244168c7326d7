// SPDX-License-Identifier: Apache-2.0

// Connections between a program and its node that fail on demand.

import { once } from 'node:events'
import { createServer, type Server, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../src/processes.ts'

/** `cut` closes all connections and accepts none. `stalled` keeps them open without a byte. `slow`
 * delays each byte by `DELAY_MS`. No mode changes the order of the bytes. */
export type Mode = 'open' | 'cut' | 'stalled' | 'slow'

const DELAY_MS = 1_500

/** Link to a TCP server on this machine. */
export class Link {
  private mode: Mode = 'open'
  private readonly sockets = new Set<Socket>()
  private readonly server: Server

  private constructor(
    readonly port: string,
    private readonly upstream: string,
  ) {
    this.server = createServer({ allowHalfOpen: false }, (client) => this.accept(client))
  }

  /** Starts a link, on a free port, to the server that listens at `upstream`. */
  static async start(upstream: string): Promise<Link> {
    const link = new Link(await freePort(), upstream)
    link.server.listen(Number(link.port), '127.0.0.1')
    await once(link.server, 'listening')
    return link
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`
  }

  /** Changes the mode of all connections. */
  set(mode: Mode) {
    this.mode = mode
    for (const socket of this.sockets) {
      if (mode === 'cut') socket.destroy()
      else if (mode === 'stalled') socket.pause()
      else socket.resume()
    }
  }

  stop() {
    this.set('cut')
    this.server.close()
  }

  private accept(client: Socket) {
    if (this.mode === 'cut') {
      client.destroy()
      return
    }
    const server = new Socket().connect(Number(this.upstream), '127.0.0.1')
    this.forward(client, server)
    this.forward(server, client)
  }

  private forward(from: Socket, to: Socket) {
    this.sockets.add(from)
    // Bytes wait for those before them, also after the mode has changed.
    let sent = Promise.resolve()
    from.on('data', (bytes) => {
      const due = this.mode === 'slow' ? Date.now() + DELAY_MS : 0
      sent = sent.then(() => send(to, bytes, due))
    })
    // The other side reports the loss. An error is always followed by the event `close`.
    from.on('error', () => {})
    from.on('close', () => {
      this.sockets.delete(from)
      to.destroy()
    })
    if (this.mode === 'stalled') from.pause()
  }
}

/** Sends bytes at this time, or now if it has passed. */
async function send(to: Socket, bytes: Buffer, due: number) {
  if (due > Date.now()) await delay(due - Date.now())
  if (to.writable) to.write(bytes)
}
