// SPDX-License-Identifier: Apache-2.0

//! Measured weights of every pallet, written by `make weights`. Do not edit.

pub mod cumulus_pallet_parachain_system;
pub mod cumulus_pallet_weight_reclaim;
pub mod cumulus_pallet_xcmp_queue;
pub mod frame_system;
pub mod frame_system_extensions;
pub mod pallet_balances;
pub mod pallet_collator_selection;
pub mod pallet_groth16_verifier;
pub mod pallet_message_queue;
pub mod pallet_migrations;
pub mod pallet_multisig;
pub mod pallet_parameters;
pub mod pallet_prover_pool;
pub mod pallet_proxy;
pub mod pallet_relay_randomness;
pub mod pallet_rollup;
pub mod pallet_session;
pub mod pallet_sudo;
pub mod pallet_timestamp;
pub mod pallet_transaction_payment;
pub mod pallet_utility;
pub mod pallet_xcm;
