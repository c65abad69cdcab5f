// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! Calls: `rust_future_*`. A call is upstream's handle, as a pointer.

use core::ffi::c_void;

use uniffi_core::{
    Handle, LiftArgsError, RustCallStatus, RustFuturePoll, rust_future_cancel, rust_future_complete, rust_future_free,
    rust_future_new, rust_future_poll,
};

use crate::lowered::{Outcome, Tag, status_of};
use crate::script::{Script, SendableScript};
use crate::slotmark::*;

pub unsafe extern "C" fn create(
    source: *const SmFutureSource,
    value_type: *const SmValueType,
    out: *mut *mut c_void,
) -> Status {
    let Some(source) = (unsafe { source.as_ref() }) else { return SM_INVALID };
    if source.form != SM_FORM_SENDABLE || value_type.is_null() || out.is_null() {
        return SM_INVALID;
    }
    let Some(script) = (unsafe { Script::new(source) }) else { return SM_INVALID };
    let script = SendableScript(script);
    let handle = rust_future_new(async move { Ok::<_, LiftArgsError>(Outcome(script.await)) }, Tag);
    unsafe { *out = handle.as_pointer::<c_void>().cast_mut() };
    SM_OK
}

pub unsafe extern "C" fn poll(call: *mut c_void, continuation: Option<Continuation>, data: *mut c_void) -> Status {
    let Some(continuation) = continuation.filter(|_| !call.is_null()) else { return SM_INVALID };
    let told = Box::into_raw(Box::new((continuation, data))) as u64;
    unsafe { rust_future_poll::<Handle>(handle_of(call), tell, told) };
    SM_OK
}

/// The adapter adds this: the codes are the same, but a byte for upstream and an int for C.
extern "C" fn tell(told: u64, code: RustFuturePoll) {
    let (continuation, data) = *unsafe { Box::from_raw(told as *mut (Continuation, *mut c_void)) };
    unsafe { continuation(data, code as u32) }
}

pub unsafe extern "C" fn cancel(call: *mut c_void) -> Status {
    if call.is_null() {
        return SM_INVALID;
    }
    unsafe { rust_future_cancel::<Handle>(handle_of(call)) };
    SM_OK
}

pub unsafe extern "C" fn complete(call: *mut c_void, out_value: *mut *mut c_void) -> Status {
    if call.is_null() || out_value.is_null() {
        return SM_INVALID;
    }
    let mut ended = RustCallStatus::default();
    let handle = unsafe { rust_future_complete::<Handle>(handle_of(call), &mut ended) };
    let (status, word) = status_of(handle, ended);
    if matches!(status, SM_OK | SM_FAILED) {
        unsafe { *out_value = word };
    }
    status
}

pub unsafe extern "C" fn destroy(call: *mut c_void) -> Status {
    if !call.is_null() {
        unsafe { rust_future_free::<Handle>(handle_of(call)) };
    }
    SM_OK
}

fn handle_of(call: *mut c_void) -> Handle {
    Handle::from_pointer(call)
}
