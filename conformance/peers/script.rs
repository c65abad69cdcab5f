// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! A future of the caller's as a Rust future: it owns the moved-in state, and polls it through its vtable with the
//! waker of the Context as a record of C. waker.rs has the other direction.

use core::alloc::Layout;
use core::ffi::c_void;
use core::future::Future;
use core::pin::Pin;
use core::ptr;
use core::task::{Context, Poll, Waker};
use std::alloc::{alloc, dealloc, handle_alloc_error};

use crate::border::Faulted;
use crate::slotmark::*;
use crate::value::Value;

/// What a future of the suite gives: a value, or an error value.
pub type Outcome = Result<Value, Value>;

/// The future. Its pointers make it a type that is not Send, as a Local future is allowed to be.
pub struct Script {
    vtable: &'static SmFutureVtable,
    state: *mut u8,
    layout: Layout,
}

/// The same future where the caller said that it may change threads.
pub struct SendableScript(pub Script);

// SAFETY: the caller declared SM_FORM_SENDABLE.
unsafe impl Send for SendableScript {}

impl Script {
    /// Moves the state in, or returns None for a malformed source.
    ///
    /// # Safety
    /// `source` is null or as slotmark.h asks; its vtable outlives the script.
    pub unsafe fn new(source: &SmFutureSource) -> Option<Script> {
        let vtable = unsafe { source.vtable.as_ref() }?;
        let layout = Layout::from_size_align(vtable.size, vtable.align).ok()?;
        if layout.align() > 4096 || (source.state.is_null() && layout.size() != 0) {
            return None;
        }
        if layout.size() == 0 {
            let state = ptr::without_provenance_mut(layout.align());
            return Some(Script { vtable, state, layout });
        }
        let state = unsafe { alloc(layout) };
        if state.is_null() {
            handle_alloc_error(layout);
        }
        unsafe { ptr::copy_nonoverlapping(source.state.cast::<u8>(), state, layout.size()) };
        Some(Script { vtable, state, layout })
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        unsafe {
            (self.vtable.drop)(self.state.cast());
            if self.layout.size() != 0 {
                dealloc(self.state, self.layout);
            }
        }
    }
}

impl Future for Script {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let lent = SmWaker { data: ptr::from_ref(context.waker()).cast_mut().cast(), vtable: &WAKER };
        let mut found = SM_POLL_PENDING;
        let mut word = ptr::null_mut();
        match unsafe { (self.vtable.poll)(self.state.cast(), &lent, &mut found, &mut word) } {
            SM_OK if found == SM_POLL_READY => Poll::Ready(Ok(Value::untyped(word))),
            SM_OK => Poll::Pending,
            SM_FAILED => Poll::Ready(Err(Value::untyped(word))),
            _ => Faulted::throw(),
        }
    }
}

impl Future for SendableScript {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        Pin::new(&mut self.0).poll(context)
    }
}

/// A Rust waker as a record of C: `data` is a `&Waker` where it is lent, and a `Box<Waker>` where it was cloned.
static WAKER: SmWakerVtable =
    SmWakerVtable { clone: waker_clone, wake: waker_wake, wake_by_ref: waker_wake_by_ref, drop: waker_drop };

unsafe extern "C" fn waker_clone(data: *const c_void, out: *mut SmWaker) -> Status {
    let waker = unsafe { (*data.cast::<Waker>()).clone() };
    unsafe { *out = SmWaker { data: Box::into_raw(Box::new(waker)).cast(), vtable: &WAKER } };
    SM_OK
}

unsafe extern "C" fn waker_wake(data: *mut c_void) {
    unsafe { Box::from_raw(data.cast::<Waker>()) }.wake();
}

unsafe extern "C" fn waker_wake_by_ref(data: *const c_void) {
    unsafe { (*data.cast::<Waker>()).wake_by_ref() };
}

unsafe extern "C" fn waker_drop(data: *mut c_void) {
    drop(unsafe { Box::from_raw(data.cast::<Waker>()) });
}
