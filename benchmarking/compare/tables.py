# SPDX-License-Identifier: Apache-2.0

"""Prints the results of frame-omni-bencher on the comparison runtime as tables in Markdown."""

import datetime
import json
import os
import re
import sys

SIZES = [1, 8, 32, 128, 512, 1024]
FUNCTIONS = {
    'stake': 'replaces the smallest member; pays two exits',
    'exit': 'leaves; pays an exit',
    'assign': 'draws a prover',
    'release': 'gives back the capacity of a block',
    'slash': 'slashes and ejects; pays an exit',
}
OTHERS = [
    ('pallet_collator_selection', 'register_as_candidate'),
    ('pallet_collator_selection', 'take_candidate_slot'),
    ('pallet_collator_selection', 'leave_intent'),
    ('pallet_balances', 'transfer_allow_death'),
]
COLUMNS = 'µs | reads | writes | proof bytes |'
# Microseconds of a read and a write in FRAME's `RocksDbWeight`.
READ, WRITE = 25, 100


def component(sample):
    return sample['components'][0][1] if sample['components'] else 0


def cost(batches, pallet, name):
    """Least time, and most reads, writes and bytes of proof, at the largest component."""
    batch = next(b for b in batches if (b['pallet'], b['benchmark']) == (pallet, name))
    most = max(map(component, batch['time_results']))
    # Disturbances only add to a time.
    time = min(s['extrinsic_time'] for s in batch['time_results'] if component(s) == most)
    counts = [s for s in batch['db_results'] if component(s) == most]
    return [time / 1000] + [max(s[key] for s in counts) for key in ('reads', 'writes', 'proof_size')]


def cells(costs):
    return f'{costs[0]:.1f} | ' + ' | '.join(map(str, costs[1:]))


def comparison(batches):
    print(f'\n| | {COLUMNS}\n|---|' + '---:|' * 4)
    for function, text in FUNCTIONS.items():
        print(f'| pool `{function}`: {text} | {cells(cost(batches, "pool_32", function))} |')
    for pallet, name in OTHERS:
        print(f'| {pallet} `{name}` | {cells(cost(batches, pallet, name))} |')


def growth(batches):
    for function in FUNCTIONS:
        print(f'\n## `{function}` by places\n\n| places | {COLUMNS} weight, µs |\n|' + '---:|' * 6)
        for size in SIZES:
            costs = cost(batches, f'pool_{size}', function)
            weight = costs[0] + READ * costs[1] + WRITE * costs[2]
            print(f'| {size} | {cells(costs)} | {weight:.1f} |')


def main():
    with open(sys.argv[1]) as file:
        batches = json.load(file)
    with open('/proc/cpuinfo') as file:
        cpu = re.search('model name.*: (.*)', file.read())
    machine = f'{cpu[1] if cpu else "unknown processor"}, {os.cpu_count()} cores'
    print(f'Measured on {datetime.date.today()} by `make compare` on {machine}.\n')
    print('The pool has 32 places, as in its own runtime, and collator selection 32 candidates. The pool\'s')
    print('benchmarks are those of its weights, in its worst case. Times are the least of all repetitions.')
    print('Weights add the prices of RocksDB: 25 µs a read, 100 µs a write.')
    comparison(batches)
    growth(batches)


main()
