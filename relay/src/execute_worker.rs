// SPDX-License-Identifier: Apache-2.0

//! Program by which the node of a validator executes the runtimes of parachains.

polkadot_node_core_pvf_common::decl_worker_main!(
	"execute-worker",
	polkadot_node_core_pvf_execute_worker::worker_entrypoint,
	polkadot_cli::NODE_VERSION,
	"",
);
