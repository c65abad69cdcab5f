// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The profile `slot`: `AtomicSlot<Value>`. Upstream has neither exchange nor is_empty.

use core::ffi::c_void;

use future_form_ffi::atomic_slot::AtomicSlot;

use crate::slotmark::*;
use crate::value::Value;

/// The adapter adds this: the type, which Rust's T carries by itself.
struct Slot {
    upstream: AtomicSlot<Value>,
    value_type: *const SmValueType,
}

pub static TABLE: SmSlotOps = SmSlotOps {
    size: size_of::<SmSlotOps>() as u32,
    progress: SM_PROGRESS_LOCK_FREE,
    out_of_memory: SM_OUT_OF_MEMORY_ABORTS, // put boxes the value
    reserved: 0,
    create,
    destroy,
    put,
    take,
    exchange: None,
    is_empty: None,
};

unsafe extern "C" fn create(value_type: *const SmValueType, out: *mut *mut c_void) -> Status {
    if value_type.is_null() || out.is_null() {
        return SM_INVALID;
    }
    let slot = Slot { upstream: AtomicSlot::new(), value_type };
    unsafe { *out = Box::into_raw(Box::new(slot)).cast() };
    SM_OK
}

unsafe extern "C" fn destroy(slot: *mut c_void) {
    if !slot.is_null() {
        drop(unsafe { Box::from_raw(slot.cast::<Slot>()) });
    }
}

unsafe extern "C" fn put(slot: *mut c_void, word: *mut c_void) -> Status {
    let Some(slot) = (unsafe { slot.cast::<Slot>().as_ref() }) else { return SM_INVALID };
    slot.upstream.put(Value::new(word, slot.value_type));
    SM_OK
}

unsafe extern "C" fn take(slot: *mut c_void, out: *mut *mut c_void) -> Status {
    let Some(slot) = (unsafe { slot.cast::<Slot>().as_ref() }) else { return SM_INVALID };
    if out.is_null() {
        return SM_INVALID;
    }
    match slot.upstream.take() {
        Some(value) => {
            unsafe { *out = value.into_word() };
            SM_OK
        }
        None => SM_EMPTY,
    }
}
