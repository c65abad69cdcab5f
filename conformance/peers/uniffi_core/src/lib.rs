// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! uniffi_core 0.32.2 as a subject of Slotmark: `rust_future_*` (call.rs) and `foreign_async_call` (foreign.rs) are the
//! profile `call`. Upstream gave its executors up in 2023.

#[path = "../../border.rs"]
mod border;
mod call;
mod foreign;
mod lowered;
#[path = "../../script.rs"]
mod script;
#[path = "../../slotmark.rs"]
mod slotmark;
#[path = "../../value.rs"]
mod value;
#[path = "../../waker.rs"]
mod waker;

use slotmark::*;

static CALL: SmCallOps = SmCallOps {
    size: size_of::<SmCallOps>() as u32,
    progress: SM_PROGRESS_BLOCKING, // two mutexes a call, one a foreign call
    second_poll: SM_SECOND_POLL_DISPLACES,
    cancel: SM_CANCEL_MARKS,
    complete_again: SM_COMPLETE_AGAIN_CANCELLED,
    fault: SM_FAULT_REPORTED,
    tokens: SM_TOKENS_TRUSTED,   // a pointer
    overlap: SM_OVERLAP_TRUSTED, // a mutex
    call_create: call::create,
    call_poll: call::poll,
    call_cancel: call::cancel,
    call_complete: call::complete,
    call_destroy: call::destroy,
    foreign_call: foreign::call,
    foreign_complete: foreign::complete,
    foreign_poll: foreign::poll,
    foreign_destroy: foreign::destroy,
    executor: [0; 3],
};

static IMPLEMENTATION: SmImplementation =
    SmImplementation { call: &CALL, ..SmImplementation::new(c"uniffi_core", c"0.32.2") };

#[unsafe(no_mangle)]
pub extern "C" fn slotmark_implementation() -> *const SmImplementation {
    &IMPLEMENTATION
}
