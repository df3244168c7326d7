// SPDX-License-Identifier: Apache-2.0

// Small disks that can be full or read-only.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../src/processes.ts'
import { COMMAND_TIMEOUT_MS } from '../src/waits.ts'

/** Size of a disk, in bytes. The files of a prover take less than a megabyte. */
const SIZE = 8 * 1024 * 1024
const FILL = 'fill'

/** Mounts an empty disk at a folder. Needs the rights to mount. */
export async function mountDisk(folder: string) {
  mkdirSync(folder)
  await run(COMMAND_TIMEOUT_MS, ['mount', '-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder])
}

export async function unmountDisk(folder: string) {
  await run(COMMAND_TIMEOUT_MS, ['umount', '--lazy', folder])
}

/** Fills a disk to the last byte. */
export function fill(folder: string) {
  for (let size = SIZE; size >= 1; size = Math.floor(size / 2)) {
    try {
      writeFileSync(join(folder, FILL), Buffer.alloc(size), { flag: 'a' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
}

/** Frees a filled disk. */
export function free(folder: string) {
  if (existsSync(join(folder, FILL))) rmSync(join(folder, FILL))
}

/** Makes a folder read-only. Files that are open remain writable. Needs the rights to mount. */
export async function forbidWrites(folder: string) {
  await run(COMMAND_TIMEOUT_MS, ['mount', '--bind', folder, folder])
  await run(COMMAND_TIMEOUT_MS, ['mount', '-o', 'remount,bind,ro', folder])
}

/** Makes a read-only folder writable again. */
export const allowWrites = (folder: string) => run(COMMAND_TIMEOUT_MS, ['umount', folder])
