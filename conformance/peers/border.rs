// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The border to C: what a panic becomes there. Nothing unwinds across it.
#![allow(dead_code)] // a peer uses what its crate needs

use core::panic::AssertUnwindSafe;
use std::panic::{catch_unwind, resume_unwind};

use crate::slotmark::{SM_FAULT, SM_NO_MEMORY, Status};

/// The panic of a future that reported SM_FAULT. `resume_unwind` starts one without the message of the panic hook.
pub struct Faulted;

/// The panic of a clone that reported SM_NO_MEMORY.
pub struct CloneFailed;

impl Faulted {
    pub fn throw() -> ! {
        resume_unwind(Box::new(Faulted))
    }
}

impl CloneFailed {
    pub fn throw() -> ! {
        resume_unwind(Box::new(CloneFailed))
    }
}

/// Runs `body`, and returns its status, or that of the panic that ended it.
pub fn catch(body: impl FnOnce() -> Status) -> Status {
    // What a panic interrupts is upstream's state, which stays usable: that is among the things judged.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(status) => status,
        Err(panic) if panic.is::<CloneFailed>() => SM_NO_MEMORY,
        Err(_) => SM_FAULT,
    }
}
