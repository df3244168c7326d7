// SPDX-License-Identifier: Apache-2.0

/** Random numbers that a seed determines (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** Returns the generator of a part of a run. It does not depend on what other parts draw. */
  static of(seed: number, part: number): Random {
    return new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(part, 0x85ebca6b))
  }

  /** Returns a whole number below `bound`. */
  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let bits = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * bound)
  }

  /** Returns a whole number of this range. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1)
  }

  /** Returns one of the items. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]
  }

  /** Returns the items in random order. */
  shuffle<Item>(items: readonly Item[]): Item[] {
    const rest = [...items]
    return items.map(() => rest.splice(this.below(rest.length), 1)[0])
  }
}
