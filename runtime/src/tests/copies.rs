// SPDX-License-Identifier: Apache-2.0

//! Attack 15 on the runtime: a stranger copies a proof from the transaction pool and sends it first.

use super::{chain::*, room::*, transactions::Transactions};
use crate::{constants::UNIT, *};
use pallet_rollup::BlockStatus;
use sp_keyring::Sr25519Keyring::{self, Dave};
use sp_runtime::transaction_validity::{TransactionValidityError, UnknownTransaction};

/// Executes a stranger's copy of the proof of a block while the prover's own transaction waits. The
/// prover must have paid nothing by then, and be paid when the block settles.
fn copy(mut chain: Chain, id: u64, prover: Sr25519Keyring) {
	let call = prove(&mut chain, id, prover.to_account_id());
	let own = chain.look(|| signed_with_nonce(&prover.pair(), call.clone(), 0, 0));
	let mut pool = Transactions::default();
	pool.add(&mut chain, &prover.pair(), call.clone(), 0).expect("it counts");
	// The author of the next block has received the copy alone.
	let mut author = Transactions::default();
	author.add(&mut chain, &Dave.pair(), call, 0).expect("anyone may carry it");
	let account = |chain: &mut Chain| {
		let nonce = chain.look(|| System::account_nonce(prover.to_account_id()));
		(nonce, chain.balance(prover))
	};
	let before = account(&mut chain);
	let stranger = chain.balance(Dave);
	assert!(is_proven(&author.block(&mut chain), id));

	let refused: TransactionValidityError = UnknownTransaction::CannotLookup.into();
	assert_eq!(chain.validate_signed(own.clone()), Err(refused));
	chain.make_block(|| {
		assert_eq!(Executive::apply_extrinsic(own), Err(refused));
		vec![]
	});
	// Another author drops it, and the block is empty.
	let (outcomes, _) = chain.make_block(|| pool.apply());
	assert_eq!((outcomes.len(), pool.len()), (0, 0));
	assert_eq!((account(&mut chain), chain.balance(Dave)), (before, stranger));

	chain.wait(COOLDOWN);
	chain.block(vec![]);
	assert_eq!(chain.look(|| Rollup::block(id)), Some(BlockStatus::Settled));
	let (nonce, (free, held)) = account(&mut chain);
	println!(
		"attack 15: a copied proof without a fee: its prover gains {:.4} tokens and the stranger 0; \
		 the prover's own transaction is refused without a fee",
		(free - before.1 .0) as f64 / UNIT as f64,
	);
	assert!(free > before.1 .0);
	assert_eq!((nonce, held), (before.0, before.1 .1));
	assert_eq!(chain.balance(Dave), stranger);
}

#[test]
fn a_proof_copied_and_sent_first_pays_its_prover_whose_own_transaction_is_refused_free_of_charge() {
	let mut chain = chain();
	let (id, prover) = propose_and_draw(&mut chain);
	copy(chain, id, prover);
}

#[test]
fn a_rescue_copied_and_sent_first_pays_its_prover_too() {
	let mut chain = chain();
	let (id, missed) = propose_and_draw(&mut chain);
	chain.wait(PROOF_WINDOW);
	chain.block(vec![]);
	copy(chain, id, other_prover(missed));
}
