// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! Foreign calls: `foreign_async_call`. A token is upstream's, the address of the sender of a oneshot channel.

use core::ffi::c_void;
use core::future::Future;
use core::mem::{ManuallyDrop, replace, transmute};
use core::pin::Pin;
use core::ptr;
use core::task::{Context, Poll as Polled, Waker};

use uniffi_core::{
    ForeignFutureCallback, ForeignFutureDroppedCallbackStruct, Handle, RustCallStatus, RustCallStatusCode,
    foreign_async_call, foreign_future_complete,
};

use crate::lowered::{Given, Tag, lower, lower_error};
use crate::slotmark::*;
use crate::value::Value;
use crate::waker;

/// The adapter adds this: the caller's pointer stays valid once the future has given its result.
struct Foreign {
    state: State,
    value_type: *const SmValueType,
}

enum State {
    Waiting(Pin<Box<dyn Future<Output = Given>>>),
    Had(Status, Option<Value>), // by the poll that starts the call
    Over,
}

/// As the code that upstream generates: the async function calls the method when it is first polled.
pub unsafe extern "C" fn call(
    method: *const SmForeignMethod,
    value_type: *const SmValueType,
    out: *mut *mut c_void,
) -> Status {
    let Some(method) = (unsafe { method.as_ref::<'static>() }) else { return SM_INVALID };
    let Some(start) = method.start else { return SM_INVALID };
    if value_type.is_null() || out.is_null() {
        return SM_INVALID;
    }
    let future = foreign_async_call::<_, Given, Tag>(move |_complete, token, out_dropped| {
        if method.dropped.is_some() {
            let callback_data = Box::into_raw(Box::new((method, token))) as u64;
            *out_dropped = ForeignFutureDroppedCallbackStruct { callback_data, callback: tell_dropped };
        }
        unsafe { start(method.context, token) }
    });
    let mut foreign = Foreign { state: State::Waiting(Box::pin(future)), value_type };
    foreign.advance(Waker::noop());
    unsafe { *out = Box::into_raw(Box::new(foreign)).cast() };
    SM_OK
}

extern "C" fn tell_dropped(data: u64) {
    let (method, token) = *unsafe { Box::from_raw(data as *mut (&SmForeignMethod, u64)) };
    if let Some(dropped) = method.dropped {
        unsafe { dropped(method.context, token) }
    }
}

impl Foreign {
    fn advance(&mut self, waker: &Waker) {
        let State::Waiting(future) = &mut self.state else { return };
        let Polled::Ready(Given { status, word }) = future.as_mut().poll(&mut Context::from_waker(waker)) else {
            return;
        };
        let value = matches!(status, SM_OK | SM_FAILED).then(|| Value::new(word, self.value_type));
        self.state = State::Had(status, value);
    }
}

/// ForeignFutureResult, as a language that calls upstream declares it: upstream's fields are private.
#[repr(C)]
struct ForeignResult {
    value: Handle,
    call: RustCallStatus,
}

pub unsafe extern "C" fn complete(token: u64, status: Status, word: *mut c_void) -> Status {
    if token == 0 {
        return SM_INVALID;
    }
    let (code, value, error) = match status {
        SM_OK => (RustCallStatusCode::Success, lower(word), None),
        SM_FAILED => (RustCallStatusCode::Error, Handle::default(), Some(lower_error(word))),
        SM_FAULT => (RustCallStatusCode::UnexpectedError, Handle::default(), None),
        SM_CANCELLED => (RustCallStatusCode::Cancelled, Handle::default(), None),
        _ => return SM_INVALID,
    };
    let call = RustCallStatus { code, error_buf: ManuallyDrop::new(error.unwrap_or_default()) };
    let upstream: ForeignFutureCallback<Handle> = foreign_future_complete::<Given, Tag>;
    // SAFETY: the two records have the same fields in the layout of C.
    let upstream: extern "C" fn(u64, ForeignResult) = unsafe { transmute(upstream) };
    upstream(token, ForeignResult { value, call });
    SM_OK
}

pub unsafe extern "C" fn poll(
    foreign: *mut c_void,
    lent: *const SmWaker,
    out_poll: *mut Poll,
    out_value: *mut *mut c_void,
) -> Status {
    let Some(foreign) = (unsafe { foreign.cast::<Foreign>().as_mut() }) else { return SM_INVALID };
    let Some(lent) = (unsafe { lent.as_ref() }) else { return SM_INVALID };
    if out_poll.is_null() || out_value.is_null() {
        return SM_INVALID;
    }
    if let State::Waiting(_) = foreign.state {
        let Some(waker) = (unsafe { waker::clone_of(lent) }) else { return SM_NO_MEMORY };
        foreign.advance(&waker);
        if let State::Waiting(_) = foreign.state {
            unsafe { *out_poll = SM_POLL_PENDING };
            return SM_OK;
        }
    }
    let State::Had(status, value) = replace(&mut foreign.state, State::Over) else { return SM_COMPLETED };
    unsafe {
        *out_poll = SM_POLL_READY;
        *out_value = value.map_or(ptr::null_mut(), Value::into_word);
    }
    status
}

pub unsafe extern "C" fn destroy(foreign: *mut c_void) {
    if !foreign.is_null() {
        drop(unsafe { Box::from_raw(foreign.cast::<Foreign>()) });
    }
}
