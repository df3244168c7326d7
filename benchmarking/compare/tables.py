# SPDX-License-Identifier: Apache-2.0

"""Prints the results of frame-omni-bencher as tables in Markdown."""

import datetime
import json
import os
import re
import sys

SIZES = [32, 128, 512, 1024]
# Functions of the pool whose cost depends on the number of members.
GROWING = {
    'release': 'releases the capacity of a block',
    'exit': 'leaves; pays an exit',
    'slash': 'slashes and ejects; pays an exit',
}
OTHERS = [
    ('pallet_prover_pool', 'stake', 'replaces the smallest of 1,024 members; pays two exits'),
    ('pallet_collator_selection', 'register_as_candidate', ''),
    ('pallet_collator_selection', 'take_candidate_slot', ''),
    ('pallet_collator_selection', 'leave_intent', ''),
    ('pallet_balances', 'transfer_allow_death', ''),
]
# Microseconds of a read and a write in FRAME's `RocksDbWeight`.
READ, WRITE = 25, 100


def cost(batches, pallet, name, size=None):
    """Returns the cells of a function's minimum time and maximum counts, at the size or the largest."""
    batch = next(b for b in batches if (b['pallet'], b['benchmark']) == (pallet, name))
    component = lambda sample: sample['components'][0][1] if sample['components'] else 0
    size = size or max(map(component, batch['time_results']))
    # Disturbances only lengthen a measured time.
    time = min(s['extrinsic_time'] for s in batch['time_results'] if component(s) == size) / 1000
    counts = [s for s in batch['db_results'] if component(s) == size]
    reads, writes, proof = (max(s[key] for s in counts) for key in ('reads', 'writes', 'proof_size'))
    return f'{time:.1f} | {reads} | {writes} | {proof} | {time + READ * reads + WRITE * writes:.1f} |'


def read(name):
    with open(name) as file:
        return json.load(file)


def main():
    draws_of_32, draws_of_1024, *others = map(read, sys.argv[1:])
    batches = sum(others, [])
    with open('/proc/cpuinfo') as file:
        cpu = re.search('model name.*: (.*)', file.read())
    machine = f'{cpu[1] if cpu else "unknown processor"}, {os.cpu_count()} cores'
    print(f'Measured on {datetime.date.today()} by `make compare` on {machine}.\n')
    print('Worst cases, on a runtime with 1,024 places, except for a draw over 32. Times are minima of all repetitions. Weights')
    print('add the prices of RocksDB: 25 µs a read, 100 µs a write.\n')
    print('| | members | µs | reads | writes | proof bytes | weight, µs |\n|---|' + '---:|' * 6)
    for members, draws in (32, draws_of_32), (1024, draws_of_1024):
        print(f'| pool `assign_many`: draws a block | {members} | {cost(draws, "pallet_prover_pool", "assign_many")}')
    for name, text in GROWING.items():
        for size in SIZES:
            print(f'| pool `{name}`: {text} | {size} | {cost(batches, "pallet_prover_pool", name, size)}')
    for pallet, name, text in OTHERS:
        print(f'| {pallet} `{name}`{": " if text else ""}{text} | | {cost(batches, pallet, name)}')


main()
