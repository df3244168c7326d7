// SPDX-License-Identifier: Apache-2.0

//! Transaction extension of the proof lane: rule R11.

use crate::{
	lane::{Lane, MAX_OTHER_PRIORITY},
	pallet::*,
	weights::WeightInfo as _,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use frame_support::{
	pallet_prelude::*,
	traits::{IsSubType, OriginTrait},
};
use scale_info::{StaticTypeInfo, Type};
use sp_runtime::traits::{
	DispatchInfoOf, Dispatchable, Implication, PostDispatchInfoOf, TransactionExtension,
	TransactionExtensionMetadata, ValidateResult,
};

/// Wrapper of the extension that sets the priority of a transaction, usually that of the fees.
///
/// It gives the upper half of the priorities to lane transactions and caps all others at the lower
/// half. It refuses a proof that would fail before its verification. It encodes as `S` and has its
/// metadata, so wallets and their signatures do not change.
#[derive(Encode, Decode, DecodeWithMemTracking, Clone, PartialEq, Eq, Debug)]
pub struct ProofLane<T, S>(pub S, PhantomData<T>);

impl<T, S> ProofLane<T, S> {
	/// Wraps an extension.
	pub fn new(inner: S) -> Self {
		Self(inner, PhantomData)
	}
}

impl<T: 'static, S: StaticTypeInfo> TypeInfo for ProofLane<T, S> {
	type Identity = S::Identity;

	fn type_info() -> Type {
		S::type_info()
	}
}

impl<T, S> TransactionExtension<T::RuntimeCall> for ProofLane<T, S>
where
	T: Config + Send + Sync + core::fmt::Debug,
	S: TransactionExtension<T::RuntimeCall>,
	T::RuntimeCall: Dispatchable<RuntimeOrigin = T::RuntimeOrigin> + IsSubType<Call<T>>,
{
	const IDENTIFIER: &'static str = S::IDENTIFIER;
	type Implicit = S::Implicit;
	type Val = (S::Val, Option<Lane<T::AccountId>>);
	type Pre = (S::Pre, Option<Lane<T::AccountId>>);

	fn implicit(&self) -> Result<Self::Implicit, TransactionValidityError> {
		self.0.implicit()
	}

	fn metadata() -> Vec<TransactionExtensionMetadata> {
		S::metadata()
	}

	fn weight(&self, call: &T::RuntimeCall) -> Weight {
		let inner = self.0.weight(call);
		match call.is_sub_type() {
			Some(Call::prove_block { .. }) => inner.saturating_add(T::WeightInfo::extension()),
			// The read of the override account is part of the weight of `on_poll`.
			_ => inner,
		}
	}

	fn validate(
		&self,
		origin: T::RuntimeOrigin,
		call: &T::RuntimeCall,
		info: &DispatchInfoOf<T::RuntimeCall>,
		len: usize,
		self_implicit: Self::Implicit,
		inherited_implication: &impl Implication,
		source: TransactionSource,
	) -> ValidateResult<Self::Val, T::RuntimeCall> {
		let lane = match (origin.as_signer(), call.is_sub_type()) {
			(Some(signer), Some(Call::prove_block { block_id, prover, transition, .. })) => {
				Pallet::<T>::inspect_proof(signer, *block_id, prover, transition)?
			},
			_ => None,
		};
		let is_override = origin
			.as_signer()
			.is_some_and(|signer| T::OverrideAccount::get().as_ref() == Some(signer));
		let (mut validity, val, origin) = self.0.validate(
			origin,
			call,
			info,
			len,
			self_implicit,
			inherited_implication,
			source,
		)?;
		// The override account is trusted with all its transactions, and can send several at once.
		let lane = lane.filter(|_| !is_override);
		validity.priority = match &lane {
			_ if is_override => TransactionPriority::MAX,
			Some(lane) => lane.priority(),
			None => validity.priority.min(MAX_OTHER_PRIORITY),
		};
		validity.provides.extend(lane.as_ref().map(Lane::tag));
		Ok((validity, (val, lane), origin))
	}

	fn prepare(
		self,
		(val, lane): Self::Val,
		origin: &T::RuntimeOrigin,
		call: &T::RuntimeCall,
		info: &DispatchInfoOf<T::RuntimeCall>,
		len: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		Ok((self.0.prepare(val, origin, call, info, len)?, lane))
	}

	/// Marks the lane as used here, because the writes of a failing call are undone.
	fn post_dispatch_details(
		(pre, lane): Self::Pre,
		info: &DispatchInfoOf<T::RuntimeCall>,
		post_info: &PostDispatchInfoOf<T::RuntimeCall>,
		len: usize,
		result: &DispatchResult,
	) -> Result<Weight, TransactionValidityError> {
		if let Some(lane) = lane {
			Pallet::<T>::mark_lane(lane);
		}
		S::post_dispatch_details(pre, info, post_info, len, result)
	}

	fn bare_validate(
		call: &T::RuntimeCall,
		info: &DispatchInfoOf<T::RuntimeCall>,
		len: usize,
	) -> TransactionValidity {
		S::bare_validate(call, info, len)
	}

	fn bare_validate_and_prepare(
		call: &T::RuntimeCall,
		info: &DispatchInfoOf<T::RuntimeCall>,
		len: usize,
	) -> Result<(), TransactionValidityError> {
		S::bare_validate_and_prepare(call, info, len)
	}

	fn bare_post_dispatch(
		info: &DispatchInfoOf<T::RuntimeCall>,
		post_info: &mut PostDispatchInfoOf<T::RuntimeCall>,
		len: usize,
		result: &DispatchResult,
	) -> Result<(), TransactionValidityError> {
		S::bare_post_dispatch(info, post_info, len, result)
	}
}
