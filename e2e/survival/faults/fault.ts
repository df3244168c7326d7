// SPDX-License-Identifier: Apache-2.0

import type { Random } from '../random.ts'
import type { World } from '../world.ts'

export interface Fault {
  name: string
  /** Brings the fault about and ends it. The suite checks afterwards that work goes on. `random`
   * decides the details. */
  run(world: World, random: Random): Promise<void>
  /** `true` if it cannot be repeated on a chain. */
  isUnique?: boolean
}
