# SPDX-License-Identifier: Apache-2.0

"""A Python client of the prover pool, with py-substrate-interface.

    CHAIN_URL=ws://127.0.0.1:9944 .venv/bin/python -m unittest -v test_stake

The library needs no type definitions of this chain: it reads the types of calls, events and storage
from the metadata. It decodes events and calls only if the runtime defines `RuntimeEvent` and
`RuntimeCall` at the root of its crate. It signs transactions of version 4 and encodes those
transaction extensions that it knows. The others of this chain (`AuthorizeCall`,
`CheckNonZeroSender`, `CheckWeight`, `StorageWeightReclaim`) add nothing to a transaction, and the
library sets the mode of `CheckMetadataHash` to `Disabled`.

The library reads metadata of version 14, which lacks runtime APIs and view functions. So this client
describes the functions of the runtime API that it calls. View functions have no equivalent.
"""

import hashlib
import os
import unittest

from substrateinterface import Keypair, SubstrateInterface

# Without a timeout, the library waits forever for a transaction that the chain drops as invalid.
TIMEOUT_SECONDS = 120

ALICE = Keypair.create_from_uri("//Alice")
PROVER = Keypair.create_from_uri("//Python//Prover")
STRANGER = Keypair.create_from_uri("//Python//Stranger")

RUNTIME_API = {
    "ProverPoolApi": {
        "methods": {
            "provers": {
                "description": "Members with their ids and accounts",
                "params": [],
                "type": "Vec<(u16, AccountId, pallet_prover_pool::types::Prover)>",
            },
            "get_weights": {
                "description": "Weight of each slot in a draw, and their sum",
                "params": [{"name": "fee_per_gas", "type": "u32"}],
                "type": "(Vec<u128>, u128)",
            },
        }
    }
}

FUNDS = 100_000
# The price of the offer. At this fee, a weight is stake times capacity.
FEE_PER_GAS = 10
PROPOSAL = {"payload": "0x0102", "gas_limit": 1_000, "max_fee_per_gas": 2**32 - 1}
# Number of chain blocks until a proposal is drawn.
DRAW_DELAY = 2

OFFER = {"amount": 60_000, "reward_per_gas": 10, "max_capacity": 6}


class StakeTest(unittest.TestCase):
    """A prover that stakes, a stranger that the pool refuses, and a proposer."""

    @classmethod
    def setUpClass(cls):
        cls.chain = SubstrateInterface(
            url=os.environ["CHAIN_URL"],
            ws_options={"timeout": TIMEOUT_SECONDS},
            type_registry={"runtime_api": RUNTIME_API},
        )
        cls.addClassCleanup(cls.chain.close)
        one_token = cls.chain.get_constant("ProverPool", "OneToken").value
        transfers = [
            cls.chain.compose_call(
                "Balances",
                "transfer_keep_alive",
                {"dest": account.ss58_address, "value": FUNDS * one_token},
            )
            for account in (PROVER, STRANGER)
        ]
        receipt = cls.submit(ALICE, "Utility", "batch_all", calls=transfers)
        assert receipt.is_success, receipt.error_message

    @classmethod
    def submit(cls, signer, pallet, function, **args):
        """Signs and submits a call, and returns the receipt once it is in a block."""
        call = cls.chain.compose_call(pallet, function, args)
        extrinsic = cls.chain.create_signed_extrinsic(call, signer)
        return cls.chain.submit_extrinsic(extrinsic, wait_for_inclusion=True)

    def read(self, item, *key):
        """Returns the value of a storage item of the pool."""
        return self.chain.query("ProverPool", item, list(key)).value

    def view(self, function, *args):
        """Returns the result of a function of the pool's runtime API."""
        return self.chain.runtime_call("ProverPoolApi", function, list(args)).value

    def assigned(self, block_id):
        """Makes chain blocks until this rollup block is assigned, and returns its prover."""
        for _ in range(DRAW_DELAY + 1):
            receipt = self.submit(ALICE, "System", "remark", remark="0x00")
            events = [event.value for event in self.chain.get_events(receipt.block_hash)]
            for event in events:
                if event["event_id"] == "BlockAssigned":
                    if event["attributes"]["block_id"] == block_id:
                        return event["attributes"]["prover"]
        self.fail(f"block {block_id} is not assigned after {DRAW_DELAY + 1} chain blocks")

    @staticmethod
    def attributes(receipt, pallet, name):
        """Returns the fields of each event of this name."""
        events = [event.value for event in receipt.triggered_events]
        return [
            event["attributes"]
            for event in events
            if (event["module_id"], event["event_id"]) == (pallet, name)
        ]

    def assert_refused(self, receipt, name):
        """Checks that a call failed with the error of this name, and that the error has a text."""
        self.assertFalse(receipt.is_success)
        error = receipt.error_message
        self.assertEqual((error["type"], error["name"]), ("Module", name))
        self.assertTrue(" ".join(error["docs"]), f"text of {name}")

    def test_constants(self):
        """The limits of an offer are constants of the pool."""
        self.assertEqual(self.chain.get_constant("ProverPool", "MaxProvers").value, 32)
        self.assertEqual(self.chain.get_constant("ProverPool", "MinCapacity").value, 5)

    def test_stake(self):
        """A prover stakes, is in table and odds, is assigned a block, and exits."""
        receipt = self.submit(PROVER, "ProverPool", "stake", **OFFER)
        self.assertTrue(receipt.is_success, receipt.error_message)
        staked = self.attributes(receipt, "ProverPool", "Staked")
        expected = {
            "who": PROVER.ss58_address,
            "amount": OFFER["amount"],
            "reward_per_gas": OFFER["reward_per_gas"],
            "current_capacity": OFFER["max_capacity"],
        }
        self.assertEqual(staked, [expected])

        staker = self.read("Stakers", PROVER.ss58_address)
        self.assertEqual(staker["max_capacity"], OFFER["max_capacity"])
        self.assertEqual(staker["exit_amount"], 0)
        prover_id = staker["prover_id"]
        self.assertEqual(self.read("ProverAccounts", prover_id), PROVER.ss58_address)
        slot = {
            "staked_amount": OFFER["amount"],
            "reward_per_gas": OFFER["reward_per_gas"],
            "current_capacity": OFFER["max_capacity"],
        }
        self.assertEqual(self.read("Provers")["slots"][prover_id - 1], slot)

        self.assertEqual(self.view("provers"), [(prover_id, PROVER.ss58_address, slot)])
        weights, total = self.view("get_weights", FEE_PER_GAS)
        weight = OFFER["amount"] * OFFER["max_capacity"]
        self.assertEqual((weights[prover_id - 1], sum(weights), total), (weight, weight, weight))

        receipt = self.submit(ALICE, "Rollup", "propose_block", **PROPOSAL)
        [proposed] = self.attributes(receipt, "Rollup", "BlockProposed")
        # It is the only member.
        self.assertEqual(self.assigned(proposed["block_id"]), PROVER.ss58_address)

        receipt = self.submit(PROVER, "ProverPool", "exit")
        exited = {"who": PROVER.ss58_address, "amount": OFFER["amount"]}
        self.assertEqual(self.attributes(receipt, "ProverPool", "Exited"), [exited])
        self.assertEqual(self.view("provers"), [])

    def test_proposal(self):
        """A proposal emits an event with the hash of its payload, and is refused by name."""
        receipt = self.submit(ALICE, "Rollup", "propose_block", **PROPOSAL)
        self.assertTrue(receipt.is_success, receipt.error_message)
        [proposed] = self.attributes(receipt, "Rollup", "BlockProposed")
        self.assertEqual(proposed["proposer"], ALICE.ss58_address)
        self.assertEqual(proposed["payload_hash"], "0x" + hashlib.sha256(b"\1\2").hexdigest())
        self.assertEqual((proposed["payload_size"], proposed["gas_limit"]), (2, 1_000))
        state = self.chain.query("Rollup", "State").value
        self.assertEqual((state["proposed"], state["drawn"]), (proposed["block_id"], 0))

        receipt = self.submit(ALICE, "Rollup", "propose_block", **dict(PROPOSAL, max_fee_per_gas=1))
        self.assert_refused(receipt, "FeeTooHigh")

    def test_errors(self):
        """An error has a name and a text."""
        receipt = self.submit(STRANGER, "ProverPool", "exit")
        self.assert_refused(receipt, "NotInPool")
        offer = dict(OFFER, reward_per_gas=0)
        receipt = self.submit(STRANGER, "ProverPool", "stake", **offer)
        self.assert_refused(receipt, "InvalidParams")
        self.assertIsNone(self.read("Stakers", STRANGER.ss58_address))


if __name__ == "__main__":
    unittest.main()
