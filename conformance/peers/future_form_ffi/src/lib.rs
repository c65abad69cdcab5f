// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! future_form_ffi 0.1.0 and future_form 0.3.1 as a subject of Slotmark: a thin adapter from the contract's tables to
//! upstream's types. What the adapter adds of its own is marked "the adapter adds this".

#[path = "../../border.rs"]
mod border;
mod effect;
mod future;
#[path = "../../script.rs"]
mod script;
mod slot;
#[path = "../../slotmark.rs"]
mod slotmark;
#[path = "../../value.rs"]
mod value;

use slotmark::SmImplementation;

static IMPLEMENTATION: SmImplementation = SmImplementation {
    slot: &slot::TABLE,
    effect: &effect::TABLE,
    future: &future::TABLE,
    ..SmImplementation::new(c"future_form_ffi", c"0.1.0")
};

#[unsafe(no_mangle)]
pub extern "C" fn slotmark_implementation() -> *const SmImplementation {
    &IMPLEMENTATION
}
