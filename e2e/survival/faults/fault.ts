// SPDX-License-Identifier: Apache-2.0

import type { World } from '../world.ts'

export interface Fault {
  name: string
  /** Brings the fault about and ends it. The suite checks afterwards that work goes on. */
  run(world: World): Promise<void>
  /** `true` if it cannot be repeated on a chain. */
  isUnique?: boolean
}
