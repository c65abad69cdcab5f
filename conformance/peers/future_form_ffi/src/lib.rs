// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! future_form_ffi 0.1.0 and future_form 0.3.1 as a subject of Slotmark: a thin adapter from the contract's tables to
//! upstream's types. What the adapter adds of its own is marked "the adapter adds this".

mod border;
mod effect;
mod future;
mod script;
mod slot;
#[path = "../../slotmark.rs"]
mod slotmark;
mod value;

use slotmark::{SM_ABI, SmImplementation};

static IMPLEMENTATION: SmImplementation = SmImplementation {
    abi: SM_ABI,
    size: size_of::<SmImplementation>() as u32,
    name: c"future_form_ffi".as_ptr(),
    version: c"0.1.0".as_ptr(),
    slot: &slot::TABLE,
    effect: &effect::TABLE,
    future: &future::TABLE,
};

#[unsafe(no_mangle)]
pub extern "C" fn slotmark_implementation() -> *const SmImplementation {
    &IMPLEMENTATION
}
