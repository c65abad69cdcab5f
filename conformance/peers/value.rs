// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The payload: a word of the caller's that drops and clones itself as its type says, so that upstream's generic code
//! can own it like any other T.
#![allow(dead_code)] // a peer uses what its crate needs

use core::ffi::c_void;
use core::mem::{ManuallyDrop, forget};
use core::ptr;

use crate::border::CloneFailed;
use crate::slotmark::{SM_OK, SmValueType};

pub struct Value {
    word: *mut c_void,
    value_type: *const SmValueType, // null: the word goes straight to the caller, who drops it
}

// SAFETY: a type's functions may be called on any thread, and a word is owned by one Value. (slotmark.h, sm_value_type)
unsafe impl Send for Value {}

impl Value {
    pub fn new(word: *mut c_void, value_type: *const SmValueType) -> Self {
        Value { word, value_type }
    }

    /// The output of a scripted future, which has no type: whoever polls takes it by `into_word`.
    pub fn untyped(word: *mut c_void) -> Self {
        Value::new(word, ptr::null())
    }

    /// A word that stays its owner's: upstream sees a `&Value` for the length of a call.
    pub fn lent(word: *const c_void, value_type: *const SmValueType) -> ManuallyDrop<Self> {
        ManuallyDrop::new(Value::new(word.cast_mut(), value_type))
    }

    pub fn word(&self) -> *mut c_void {
        self.word
    }

    pub fn into_word(self) -> *mut c_void {
        let word = self.word;
        forget(self);
        word
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        if !self.value_type.is_null() {
            // SAFETY: the type outlives every object that was created with it.
            unsafe { ((*self.value_type).drop)((*self.value_type).context, self.word) }
        }
    }
}

impl Clone for Value {
    /// Rust's Clone cannot fail but by a panic. `EffectSlot::request` clones before it stores, so the panic leaves the
    /// channel as it was; the border turns it into SM_NO_MEMORY.
    fn clone(&self) -> Self {
        let mut word = ptr::null_mut();
        // SAFETY: as in drop; only values of a type with a clone are cloned (effect.rs, create).
        let status = unsafe { (*self.value_type).clone.unwrap()((*self.value_type).context, self.word, &mut word) };
        if status != SM_OK {
            CloneFailed::throw();
        }
        Value::new(word, self.value_type)
    }
}
