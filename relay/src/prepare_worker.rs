// SPDX-License-Identifier: Apache-2.0

//! Program by which the node of a validator prepares the runtimes of parachains.

polkadot_node_core_pvf_common::decl_worker_main!(
	"prepare-worker",
	polkadot_node_core_pvf_prepare_worker::worker_entrypoint,
	polkadot_cli::NODE_VERSION,
	"",
);
