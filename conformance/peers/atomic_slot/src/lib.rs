// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! atomic-slot 0.1.0 as a subject of Slotmark. The adapter adds the statuses for null pointers, and the type, which
//! Rust's T carries by itself. It does not mend what upstream leaves undone: see README.md, "Findings".

use core::ffi::c_void;

use atomic_slot::AtomicSlot;

#[path = "../../slotmark.rs"]
mod slotmark;
use slotmark::*;

struct Value(*mut c_void, *const SmValueType);

// SAFETY: a type's functions may be called on any thread, and a word is owned by one Value. (slotmark.h, sm_value_type)
unsafe impl Send for Value {}

impl Drop for Value {
    fn drop(&mut self) {
        // SAFETY: the type outlives every object that was created with it.
        unsafe { ((*self.1).drop)((*self.1).context, self.0) }
    }
}

struct Slot(AtomicSlot<Value>, *const SmValueType);

unsafe extern "C" fn create(value_type: *const SmValueType, out: *mut *mut c_void) -> Status {
    if value_type.is_null() || out.is_null() {
        return SM_INVALID;
    }
    unsafe { *out = Box::into_raw(Box::new(Slot(AtomicSlot::empty(), value_type))).cast() };
    SM_OK
}

unsafe extern "C" fn destroy(slot: *mut c_void) {
    if !slot.is_null() {
        drop(unsafe { Box::from_raw(slot.cast::<Slot>()) });
    }
}

unsafe extern "C" fn put(slot: *mut c_void, word: *mut c_void) -> Status {
    let Some(Slot(upstream, value_type)) = (unsafe { slot.cast::<Slot>().as_ref() }) else { return SM_INVALID };
    upstream.store(Some(Box::new(Value(word, *value_type))));
    SM_OK
}

unsafe extern "C" fn take(slot: *mut c_void, out: *mut *mut c_void) -> Status {
    let Some(Slot(upstream, _)) = (unsafe { slot.cast::<Slot>().as_ref() }) else { return SM_INVALID };
    unsafe { give(|| upstream.take(), out) }
}

unsafe extern "C" fn exchange(slot: *mut c_void, word: *mut c_void, out: *mut *mut c_void) -> Status {
    let Some(Slot(upstream, value_type)) = (unsafe { slot.cast::<Slot>().as_ref() }) else { return SM_INVALID };
    unsafe { give(|| upstream.swap(Some(Box::new(Value(word, *value_type)))), out) }
}

unsafe extern "C" fn is_empty(slot: *const c_void, out: *mut i32) -> Status {
    let Some(Slot(upstream, _)) = (unsafe { slot.cast::<Slot>().as_ref() }) else { return SM_INVALID };
    if out.is_null() {
        return SM_INVALID;
    }
    unsafe { *out = i32::from(upstream.is_none()) };
    SM_OK
}

/// Moves a value out, and writes its word, unless there is nowhere to write it.
unsafe fn give(take: impl FnOnce() -> Option<Box<Value>>, out: *mut *mut c_void) -> Status {
    if out.is_null() {
        return SM_INVALID;
    }
    let Some(value) = take() else { return SM_EMPTY };
    unsafe { *out = value.0 };
    core::mem::forget(*value); // frees the box, and leaves the word to the caller
    SM_OK
}

static SLOT: SmSlotOps = SmSlotOps {
    size: size_of::<SmSlotOps>() as u32,
    progress: SM_PROGRESS_LOCK_FREE,
    out_of_memory: SM_OUT_OF_MEMORY_ABORTS, // put and exchange box the value
    reserved: 0,
    create,
    destroy,
    put,
    take,
    exchange: Some(exchange),
    is_empty: Some(is_empty),
};

static IMPLEMENTATION: SmImplementation =
    SmImplementation { slot: &SLOT, ..SmImplementation::new(c"atomic-slot", c"0.1.0") };

#[unsafe(no_mangle)]
pub extern "C" fn slotmark_implementation() -> *const SmImplementation {
    &IMPLEMENTATION
}
