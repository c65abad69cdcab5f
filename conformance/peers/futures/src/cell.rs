// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The cells of the profile `waker`: `AtomicWaker`. Upstream's tasks (`ArcWake`, `FuturesUnordered`) have no polls that
//! begin and end, so there are no tasks and queues.

use core::ffi::c_void;

use futures::task::AtomicWaker;

use crate::slotmark::*;
use crate::waker;

pub static TABLE: SmWakerOps = SmWakerOps {
    size: size_of::<SmWakerOps>() as u32,
    progress: SM_PROGRESS_LOCK_FREE,
    out_of_memory: SM_OUT_OF_MEMORY_ABORTS, // a waker is kept in an Arc (waker.rs)
    stale: 0,
    late_clone: 0,
    reserved: 0,
    tasks: [0; 8],
    cell_create: create,
    cell_destroy: destroy,
    cell_register: register,
    cell_wake: wake,
};

unsafe extern "C" fn create(out: *mut *mut c_void) -> Status {
    if out.is_null() {
        return SM_INVALID;
    }
    unsafe { *out = Box::into_raw(Box::new(AtomicWaker::new())).cast() };
    SM_OK
}

unsafe extern "C" fn destroy(cell: *mut c_void) {
    if !cell.is_null() {
        drop(unsafe { Box::from_raw(cell.cast::<AtomicWaker>()) });
    }
}

unsafe extern "C" fn register(cell: *mut c_void, lent: *const SmWaker) -> Status {
    let Some(cell) = (unsafe { cell.cast::<AtomicWaker>().as_ref() }) else { return SM_INVALID };
    let Some(lent) = (unsafe { lent.as_ref() }) else { return SM_INVALID };
    let Some(waker) = (unsafe { waker::clone_of(lent) }) else { return SM_NO_MEMORY };
    cell.register(&waker);
    SM_OK
}

/// What `AtomicWaker::wake` does, which does not say whether there was a waker.
unsafe extern "C" fn wake(cell: *mut c_void) -> Status {
    let Some(cell) = (unsafe { cell.cast::<AtomicWaker>().as_ref() }) else { return SM_INVALID };
    match cell.take() {
        Some(waker) => {
            waker.wake();
            SM_OK
        }
        None => SM_EMPTY,
    }
}
