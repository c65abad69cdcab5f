// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! How a value crosses upstream's border: lowered as upstream lowers an `Arc`, into a `Handle`, and an error into a
//! `RustBuffer`. Neither has a Drop: whoever lifts it owns it.

use core::ffi::c_void;
use core::mem::ManuallyDrop;

use uniffi_core::{Handle, LiftReturn, LowerReturn, RustBuffer, RustCallError, RustCallStatus, RustCallStatusCode};

use crate::script;
use crate::slotmark::*;

/// The tag that upstream's macros make for each crate, to implement upstream's traits with.
pub struct Tag;

/// What a future of the suite gives, on its way out.
pub struct Outcome(pub script::Outcome);

// SAFETY: a handle is the word, as the suite's values are moved; the buffer has the word of an error.
unsafe impl LowerReturn<Tag> for Outcome {
    type ReturnType = Handle;

    fn lower_return(outcome: Self) -> Result<Handle, RustCallError> {
        match outcome.0 {
            Ok(value) => Ok(lower(value.into_word())),
            Err(error) => Err(RustCallError::Error(lower_error(error.into_word()))),
        }
    }
}

/// What a foreign call gave, on its way in: a status, and the word of SM_OK and SM_FAILED.
pub struct Given {
    pub status: Status,
    pub word: *mut c_void,
}

// SAFETY: the word of a Given is owned by it alone.
unsafe impl Send for Given {}

// SAFETY: as LowerReturn.
unsafe impl LiftReturn<Tag> for Given {
    type ReturnType = Handle;

    fn try_lift_successful_return(handle: Handle) -> uniffi_core::Result<Self> {
        Ok(Given { status: SM_OK, word: lift(handle) })
    }

    fn lift_foreign_return(handle: Handle, call: RustCallStatus) -> Self {
        let (status, word) = status_of(handle, call);
        Given { status, word }
    }
}

pub fn lower(word: *mut c_void) -> Handle {
    Handle::from_pointer(word)
}

pub fn lower_error(word: *mut c_void) -> RustBuffer {
    RustBuffer::from_vec((word as usize).to_ne_bytes().to_vec())
}

fn lift(handle: Handle) -> *mut c_void {
    handle.as_pointer::<c_void>().cast_mut()
}

fn lift_error(buffer: RustBuffer) -> *mut c_void {
    let bytes = buffer.destroy_into_vec();
    usize::from_ne_bytes(bytes.try_into().expect("the buffer of an error holds a word")) as *mut c_void
}

/// The status, and the word of SM_OK and SM_FAILED. The buffer is the reader's to free.
pub fn status_of(handle: Handle, call: RustCallStatus) -> (Status, *mut c_void) {
    let buffer = ManuallyDrop::into_inner(call.error_buf);
    match call.code {
        RustCallStatusCode::Success => (SM_OK, lift(handle)),
        RustCallStatusCode::Error => (SM_FAILED, lift_error(buffer)),
        RustCallStatusCode::UnexpectedError => {
            buffer.destroy(); // the message of the panic
            (SM_FAULT, core::ptr::null_mut())
        }
        RustCallStatusCode::Cancelled => (SM_CANCELLED, core::ptr::null_mut()),
    }
}
