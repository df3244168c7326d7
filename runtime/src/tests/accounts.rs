// SPDX-License-Identifier: Apache-2.0

//! Hot keys, batches and shared accounts.

use super::chain::*;
use crate::{configs::ProxyType, constants::UNIT, *};
use frame_support::traits::InstanceFilter;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{DispatchError, DispatchResult};
use ProxyType::{Any, NonTransfer, Prover};

const FILTERED: DispatchResult = Err(DispatchError::Module(sp_runtime::ModuleError {
	index: 0,
	error: [5, 0, 0, 0],
	message: None,
}));

fn add_proxy(delegate: Sr25519Keyring, proxy_type: ProxyType) -> RuntimeCall {
	let delegate = delegate.to_account_id().into();
	pallet_proxy::Call::add_proxy { delegate, proxy_type, delay: 0 }.into()
}

fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
	pallet_utility::Call::batch_all { calls }.into()
}

/// Returns the result of `call` when Bob submits it as a proxy of Dave.
fn by_proxy(chain: &mut Chain, call: RuntimeCall) -> DispatchResult {
	let real = Dave.to_account_id().into();
	let events = chain.do_submit(
		Bob,
		pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(call) },
	);
	events
		.into_iter()
		.find_map(|event| match event {
			RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result }) => Some(result),
			_ => None,
		})
		.expect("a proxied call deposits its result")
}

fn with_proxy(proxy_type: ProxyType) -> Chain {
	let mut chain = Chain::new();
	chain.do_submit(Dave, add_proxy(Bob, proxy_type));
	chain
}

#[test]
fn a_hot_key_can_make_all_calls_of_a_prover() {
	let mut chain = with_proxy(Prover);
	assert_eq!(by_proxy(&mut chain, stake(9_000_000, 10_000, 100)), Ok(()));

	// Dave is the only prover.
	chain.wait(MIN_CHANGE_DELAY);
	chain.block(vec![(Eve, exit()), (Ferdie, exit())]);
	let (id, drawn) = chain.propose(Alice, 1_000);
	assert_eq!(drawn, Some(Dave.to_account_id()));
	let proof = chain.prove(id, Dave);
	assert_eq!(by_proxy(&mut chain, proof), Ok(()));

	assert_eq!(by_proxy(&mut chain, batch(vec![exit()])), Ok(()));
	chain.wait(EXIT_PERIOD);
	assert_eq!(by_proxy(&mut chain, withdraw()), Ok(()));
	let (staker, _) = chain.look(|| ProverPool::get_staker(Dave.to_account_id()));
	assert_eq!(staker, Default::default());
}

#[test]
fn a_hot_key_cannot_make_other_calls() {
	let mut chain = with_proxy(Prover);
	let before = chain.balance(Dave);
	let remark = frame_system::Call::remark { remark: vec![] }.into();
	let proposal = propose(1_000);
	for call in [transfer(Bob, UNIT), add_proxy(Charlie, Prover), remark, proposal] {
		assert_eq!(by_proxy(&mut chain, call.clone()), FILTERED, "{call:?}");
		for batch in [
			pallet_utility::Call::batch_all { calls: vec![stake(60_000, 10, 6), call.clone()] },
			pallet_utility::Call::batch_all { calls: vec![batch(vec![call.clone()])] },
		] {
			assert_eq!(by_proxy(&mut chain, batch.into()), FILTERED, "a batch of {call:?}");
		}
		// These two succeed even if a call in them fails.
		for batch in [
			pallet_utility::Call::batch { calls: vec![call.clone()] },
			pallet_utility::Call::force_batch { calls: vec![call.clone()] },
		] {
			assert_eq!(by_proxy(&mut chain, batch.into()), Ok(()));
		}
	}
	let shared = pallet_multisig::Call::as_multi_threshold_1 {
		other_signatories: vec![Bob.to_account_id()],
		call: Box::new(transfer(Bob, UNIT)),
	};
	assert_eq!(by_proxy(&mut chain, shared.into()), FILTERED);
	assert_eq!(chain.balance(Dave), before);
	assert_eq!(chain.look(|| Proxy::proxies(Dave.to_account_id())).0.len(), 1);
}

#[test]
fn a_non_transfer_proxy_cannot_transfer_money() {
	let mut chain = with_proxy(NonTransfer);
	assert_eq!(by_proxy(&mut chain, stake(60_000, 10, 6)), Ok(()));
	assert_eq!(by_proxy(&mut chain, add_proxy(Charlie, Prover)), Ok(()));
	for call in [transfer(Bob, UNIT), propose(1_000), add_proxy(Charlie, Any)] {
		assert_eq!(by_proxy(&mut chain, call.clone()), FILTERED, "{call:?}");
		assert_eq!(by_proxy(&mut chain, batch(vec![call.clone()])), FILTERED, "{call:?}");
	}
}

/// Calls for another account are dispatched without the filter of the proxy type.
#[test]
fn a_non_transfer_proxy_cannot_act_for_accounts_that_the_owner_can_act_for() {
	let mut chain = with_proxy(NonTransfer);
	chain.do_submit(Charlie, add_proxy(Dave, Any));
	let before = chain.balance(Charlie);
	let of_another = pallet_proxy::Call::proxy {
		real: Charlie.to_account_id().into(),
		force_proxy_type: None,
		call: Box::new(transfer(Bob, UNIT)),
	};
	let of_a_shared_one = pallet_multisig::Call::as_multi_threshold_1 {
		other_signatories: vec![Bob.to_account_id()],
		call: Box::new(transfer(Bob, UNIT)),
	};
	assert_eq!(by_proxy(&mut chain, of_another.into()), FILTERED);
	assert_eq!(by_proxy(&mut chain, of_a_shared_one.into()), FILTERED);
	assert_eq!(chain.balance(Charlie), before);
}

#[test]
fn a_proxy_for_everything_does_everything() {
	let mut chain = with_proxy(Any);
	assert_eq!(by_proxy(&mut chain, transfer(Bob, UNIT)), Ok(()));
	assert_eq!(by_proxy(&mut chain, add_proxy(Charlie, Any)), Ok(()));
}

/// A proxy may appoint proxies of the types that its type includes. The filters must agree with that.
#[test]
fn a_proxy_type_allows_all_calls_of_the_types_that_it_includes() {
	let calls = [
		stake(1, 1, 1),
		exit(),
		withdraw(),
		prove_without_proof(),
		propose(1),
		transfer(Bob, 1),
		batch(vec![]),
		add_proxy(Bob, Any),
		frame_system::Call::remark { remark: vec![] }.into(),
		pallet_sudo::Call::remove_key {}.into(),
	];
	let types = [Any, NonTransfer, Prover];
	for (rank, wide) in types.iter().enumerate() {
		for (other_rank, narrow) in types.iter().enumerate() {
			let includes = rank <= other_rank;
			assert_eq!(wide.is_superset(narrow), includes, "{wide:?} {narrow:?}");
			let allows_all = calls.iter().all(|call| wide.filter(call) || !narrow.filter(call));
			assert_eq!(allows_all, includes, "{wide:?} {narrow:?}");
		}
	}
}

#[test]
fn a_batch_stakes_for_several_accounts_of_an_operator() {
	let mut chain = Chain::new();
	let derived =
		|index, call| pallet_utility::Call::as_derivative { index, call: Box::new(call) }.into();
	let accounts: Vec<AccountId> = (0..2)
		.map(|index| pallet_utility::derivative_account_id(Dave.to_account_id(), index))
		.collect();
	let mut calls: Vec<RuntimeCall> = accounts
		.iter()
		.map(|account| {
			let dest = account.clone().into();
			pallet_balances::Call::transfer_keep_alive { dest, value: 70_000 * UNIT }.into()
		})
		.collect();
	calls.extend([derived(0, stake(60_000, 10, 6)), derived(1, stake(60_000, 11, 6))]);
	chain.do_submit(Dave, batch(calls));
	let members = chain.look(ProverPool::provers);
	for account in accounts {
		assert!(members.iter().any(|(_, member, _)| *member == account));
	}
}
