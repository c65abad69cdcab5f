// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! A waker of the caller's as a Rust waker. It is cloned once, where a failure can still be told: Rust's own clones of
//! it count references, and cannot fail. script.rs has the other direction.

use core::mem::ManuallyDrop;
use core::ptr;
use core::task::Waker;
use std::sync::Arc;
use std::task::Wake;

use crate::slotmark::{SM_OK, SmWaker};

/// Clones the caller's waker. Returns None where the clone failed.
///
/// # Safety
/// `lent` is a waker as slotmark.h describes it.
pub unsafe fn clone_of(lent: &SmWaker) -> Option<Waker> {
    let mut own = SmWaker { data: ptr::null_mut(), vtable: ptr::null() };
    match unsafe { ((*lent.vtable).clone)(lent.data, &mut own) } {
        SM_OK => Some(Waker::from(Arc::new(Cloned(own)))),
        _ => None,
    }
}

/// One reference of the caller's.
struct Cloned(SmWaker);

// SAFETY: every member of a waker may be called on any thread, at once. (slotmark.h, sm_waker)
unsafe impl Send for Cloned {}
unsafe impl Sync for Cloned {}

impl Wake for Cloned {
    fn wake(self: Arc<Self>) {
        match Arc::try_unwrap(self) {
            Ok(last) => {
                let SmWaker { data, vtable } = ManuallyDrop::new(last).0;
                unsafe { ((*vtable).wake)(data) }
            }
            Err(shared) => shared.wake_by_ref(),
        }
    }

    fn wake_by_ref(self: &Arc<Self>) {
        unsafe { ((*self.0.vtable).wake_by_ref)(self.0.data) }
    }
}

impl Drop for Cloned {
    fn drop(&mut self) {
        unsafe { ((*self.0.vtable).drop)(self.0.data) }
    }
}
