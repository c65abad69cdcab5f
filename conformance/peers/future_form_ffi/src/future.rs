// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The profile `future`. Upstream polls a boxed future in two ways, and both are judged: a Sendable one goes through
//! `HostHandle`, a Local one through `PollOnce`. Upstream has neither moved-from handles nor layouts.

use core::ffi::c_void;
use core::task::Poll as Polled;

use future_form::{FutureForm, Local, Sendable};
use future_form_ffi::{host_handle::HostHandle, poll_once::PollOnce};

use crate::border::catch;
use crate::script::{Outcome, Script, SendableScript};
use crate::slotmark::*;
use crate::value::Value;

pub type SendableFuture = <Sendable as FutureForm>::Future<'static, Outcome>;
pub type LocalFuture = <Local as FutureForm>::Future<'static, Outcome>;

/// The adapter adds this: the form, which Rust has in the type.
enum Handle {
    Sendable(HostHandle<SendableFuture>),
    Local(Box<LocalFuture>),
}

pub static TABLE: SmFutureOps = SmFutureOps {
    size: size_of::<SmFutureOps>() as u32,
    after_ready: SM_AFTER_READY_FORWARDED,
    wakes: SM_WAKES_LOST, // both ways poll with Waker::noop()
    checks: SM_CHECKS_NOTHING,
    create,
    ready,
    poll,
    destroy,
    move_: None,
    layout: None,
};

/// A future of either form, boxed by future_form.
pub enum Boxed {
    Sendable(SendableFuture),
    Local(LocalFuture),
}

/// Boxes the caller's future, or returns None for a malformed source.
///
/// # Safety
/// As `Script::new`.
pub unsafe fn from_source(source: *const SmFutureSource) -> Option<Boxed> {
    let source = unsafe { source.as_ref() }?;
    match source.form {
        SM_FORM_SENDABLE => {
            let script = unsafe { Script::new(source) }?;
            Some(Boxed::Sendable(Sendable::from_future(SendableScript(script))))
        }
        SM_FORM_LOCAL => {
            let script = unsafe { Script::new(source) }?;
            Some(Boxed::Local(Local::from_future(script)))
        }
        _ => None,
    }
}

/// Writes what a poll found.
///
/// # Safety
/// Both pointers can be written to.
pub unsafe fn give(polled: Polled<Outcome>, out_poll: *mut Poll, out_value: *mut *mut c_void) -> Status {
    let (status, found, value) = match polled {
        Polled::Pending => {
            unsafe { *out_poll = SM_POLL_PENDING };
            return SM_OK;
        }
        Polled::Ready(Ok(value)) => (SM_OK, SM_POLL_READY, value),
        Polled::Ready(Err(error)) => (SM_FAILED, SM_POLL_READY, error),
    };
    unsafe {
        *out_poll = found;
        *out_value = value.into_word();
    }
    status
}

unsafe extern "C" fn create(source: *const SmFutureSource, out: *mut *mut c_void) -> Status {
    if out.is_null() {
        return SM_INVALID;
    }
    let handle = match unsafe { from_source(source) } {
        Some(Boxed::Sendable(future)) => Handle::Sendable(HostHandle::new(future)),
        Some(Boxed::Local(future)) => Handle::Local(Box::new(future)),
        None => return SM_INVALID,
    };
    unsafe { *out = Box::into_raw(Box::new(handle)).cast() };
    SM_OK
}

unsafe extern "C" fn ready(value_type: *const SmValueType, word: *mut c_void, out: *mut *mut c_void) -> Status {
    if value_type.is_null() || out.is_null() {
        return SM_INVALID;
    }
    let future = Sendable::ready(Ok(Value::new(word, value_type)));
    unsafe { *out = Box::into_raw(Box::new(Handle::Sendable(HostHandle::new(future)))).cast() };
    SM_OK
}

/// The host's waker is not looked at: upstream has no way to pass one on.
unsafe extern "C" fn poll(
    handle: *mut c_void,
    _waker: *const SmWaker,
    out_poll: *mut Poll,
    out_value: *mut *mut c_void,
) -> Status {
    if handle.is_null() || out_poll.is_null() || out_value.is_null() {
        return SM_INVALID;
    }
    catch(|| {
        let polled = match unsafe { &mut *handle.cast::<Handle>() } {
            Handle::Sendable(upstream) => upstream.poll_once(),
            Handle::Local(upstream) => upstream.poll_once(),
        };
        unsafe { give(polled, out_poll, out_value) }
    })
}

unsafe extern "C" fn destroy(handle: *mut c_void) -> Status {
    if !handle.is_null() {
        drop(unsafe { Box::from_raw(handle.cast::<Handle>()) });
    }
    SM_OK
}
