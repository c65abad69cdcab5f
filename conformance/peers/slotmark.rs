// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! conformance/slotmark.h in Rust, ABI 1: its records and numbers, field by field, as far as the Rust peers use them.
//! Each takes it in as `#[path = "../../slotmark.rs"] mod slotmark;`, and the other files of this folder likewise.
//! Objects are `*mut c_void`: what is behind them is the peer's. An operation that no Rust peer offers is a NULL word.
#![allow(dead_code)] // a peer uses the profiles that it offers

use core::ffi::{CStr, c_char, c_void};
use core::ptr;

pub const SM_ABI: u32 = 1;

pub type Status = u32; // enum sm_status
pub const SM_OK: Status = 0;
pub const SM_EMPTY: Status = 1;
pub const SM_INVALID: Status = 16;
pub const SM_NO_MEMORY: Status = 17;
pub const SM_EXHAUSTED: Status = 18;
pub const SM_STALE: Status = 20;
pub const SM_COMPLETED: Status = 21;
pub const SM_FAILED: Status = 25;
pub const SM_FAULT: Status = 26;
pub const SM_CANCELLED: Status = 27;
pub const SM_CLOSED: Status = 28;

pub type Poll = u32; // enum sm_poll
pub const SM_POLL_PENDING: Poll = 0;
pub const SM_POLL_READY: Poll = 1;

pub const SM_PROGRESS_BLOCKING: u32 = 1;
pub const SM_PROGRESS_LOCK_FREE: u32 = 2;
pub const SM_OUT_OF_MEMORY_ABORTS: u32 = 2;
pub const SM_AFTER_READY_FORWARDED: u32 = 2;
pub const SM_WAKES_LOST: u32 = 2;
pub const SM_CHECKS_NOTHING: u32 = 1;
pub const SM_RESIDUE_KEPT: u32 = 1;
pub const SM_REPOST_POSTED: u32 = 1;
pub const SM_STASH_KEPT: u32 = 1;
pub const SM_CLOSE_KEEPS: u32 = 1;
pub const SM_SECOND_POLL_DISPLACES: u32 = 2;
pub const SM_CANCEL_MARKS: u32 = 2;
pub const SM_COMPLETE_AGAIN_CANCELLED: u32 = 2;
pub const SM_FAULT_REPORTED: u32 = 1;
pub const SM_TOKENS_TRUSTED: u32 = 2;
pub const SM_OVERLAP_TRUSTED: u32 = 2;
pub const SM_RECLAIM_PROMPT: u32 = 1;
pub const SM_TELLS_NOTHING: u32 = 1;
pub const SM_CAPACITY_GROWS: u32 = 2;

pub const SM_FORM_SENDABLE: u32 = 1;
pub const SM_FORM_LOCAL: u32 = 2;

#[repr(C)]
pub struct SmValueType {
    pub size: u32,
    pub context: *mut c_void,
    pub drop: unsafe extern "C" fn(context: *mut c_void, value: *mut c_void),
    pub clone:
        Option<unsafe extern "C" fn(context: *mut c_void, value: *const c_void, out: *mut *mut c_void) -> Status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct SmWaker {
    pub data: *mut c_void,
    pub vtable: *const SmWakerVtable,
}

#[repr(C)]
pub struct SmWakerVtable {
    pub clone: unsafe extern "C" fn(data: *const c_void, out: *mut SmWaker) -> Status,
    pub wake: unsafe extern "C" fn(data: *mut c_void),
    pub wake_by_ref: unsafe extern "C" fn(data: *const c_void),
    pub drop: unsafe extern "C" fn(data: *mut c_void),
}

#[repr(C)]
pub struct SmFutureVtable {
    pub size: usize,
    pub align: usize,
    pub poll: unsafe extern "C" fn(
        state: *mut c_void,
        waker: *const SmWaker,
        out_poll: *mut Poll,
        out_value: *mut *mut c_void,
    ) -> Status,
    pub drop: unsafe extern "C" fn(state: *mut c_void),
}

#[repr(C)]
pub struct SmFutureSource {
    pub size: u32,
    pub form: u32,
    pub vtable: *const SmFutureVtable,
    pub state: *const c_void,
}

// The entries below are `unsafe` to call: their pointers come from C.

#[repr(C)]
pub struct SmSlotOps {
    pub size: u32,
    pub progress: u32,
    pub out_of_memory: u32,
    pub reserved: u32,
    pub create: unsafe extern "C" fn(*const SmValueType, *mut *mut c_void) -> Status,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub put: unsafe extern "C" fn(*mut c_void, *mut c_void) -> Status,
    pub take: unsafe extern "C" fn(*mut c_void, *mut *mut c_void) -> Status,
    pub exchange: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, *mut *mut c_void) -> Status>,
    pub is_empty: Option<unsafe extern "C" fn(*const c_void, *mut i32) -> Status>,
}

#[repr(C)]
pub struct SmFutureOps {
    pub size: u32,
    pub after_ready: u32,
    pub wakes: u32,
    pub checks: u32,
    pub create: unsafe extern "C" fn(*const SmFutureSource, *mut *mut c_void) -> Status,
    pub ready: unsafe extern "C" fn(*const SmValueType, *mut c_void, *mut *mut c_void) -> Status,
    pub poll: unsafe extern "C" fn(*mut c_void, *const SmWaker, *mut Poll, *mut *mut c_void) -> Status,
    pub destroy: unsafe extern "C" fn(*mut c_void) -> Status,
    pub move_: Option<unsafe extern "C" fn(*mut c_void, *mut *mut c_void) -> Status>,
    pub layout: Option<unsafe extern "C" fn(*const c_void, *mut usize, *mut usize) -> Status>,
}

#[repr(C)]
pub struct SmEffectOps {
    pub size: u32,
    pub progress: u32,
    pub out_of_memory: u32,
    pub residue: u32,
    pub repost: u32,
    pub stash: u32,
    pub create: unsafe extern "C" fn(*const SmValueType, *const SmValueType, *mut *mut c_void) -> Status,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub share: Option<unsafe extern "C" fn(*mut c_void) -> Status>,
    pub request: unsafe extern "C" fn(*mut c_void, *const c_void, *mut Poll, *mut *mut c_void) -> Status,
    pub take_effect: unsafe extern "C" fn(*mut c_void, *mut *mut c_void) -> Status,
    pub fulfill: unsafe extern "C" fn(*mut c_void, *mut c_void) -> Status,
    pub handle_create:
        unsafe extern "C" fn(*const SmFutureSource, *const SmValueType, *mut c_void, *mut *mut c_void) -> Status,
    pub handle_destroy: unsafe extern "C" fn(*mut c_void) -> Status,
    pub handle_poll: unsafe extern "C" fn(*mut c_void, *mut Poll, *mut *mut c_void) -> Status,
    pub handle_stash: unsafe extern "C" fn(*mut c_void, *mut c_void) -> Status,
    pub handle_peek: unsafe extern "C" fn(*const c_void, *mut *const c_void) -> Status,
    pub handle_take: unsafe extern "C" fn(*mut c_void, *mut *mut c_void) -> Status,
    pub handle_context: unsafe extern "C" fn(*const c_void, *mut *mut c_void) -> Status,
    pub registry: [usize; 5], // not offered: five NULL entries
}

#[repr(C)]
pub struct SmWakerOps {
    pub size: u32,
    pub progress: u32,
    pub out_of_memory: u32,
    pub stale: u32,
    pub late_clone: u32,
    pub reserved: u32,
    pub tasks: [usize; 8], // not offered: eight NULL entries
    pub cell_create: unsafe extern "C" fn(*mut *mut c_void) -> Status,
    pub cell_destroy: unsafe extern "C" fn(*mut c_void),
    pub cell_register: unsafe extern "C" fn(*mut c_void, *const SmWaker) -> Status,
    pub cell_wake: unsafe extern "C" fn(*mut c_void) -> Status,
}

#[repr(C)]
pub struct SmOneshotOps {
    pub size: u32,
    pub progress: u32,
    pub out_of_memory: u32,
    pub close: u32,
    pub channel_create: unsafe extern "C" fn(*const SmValueType, *mut *mut c_void, *mut *mut c_void) -> Status,
    pub channel_write: unsafe extern "C" fn(*mut c_void, *mut c_void) -> Status,
    pub channel_drop_writer: unsafe extern "C" fn(*mut c_void),
    pub channel_read: unsafe extern "C" fn(*mut c_void, *const SmWaker, *mut Poll, *mut *mut c_void) -> Status,
    pub channel_drop_reader: unsafe extern "C" fn(*mut c_void),
    pub channel_close: Option<unsafe extern "C" fn(*mut c_void) -> Status>,
    pub ends: [usize; 11],  // not offered: eleven NULL entries
    pub typed: [usize; 11], // not offered: eleven NULL entries
}

pub type Continuation = unsafe extern "C" fn(data: *mut c_void, code: u32);

#[repr(C)]
pub struct SmForeignMethod {
    pub size: u32,
    pub context: *mut c_void,
    pub start: Option<unsafe extern "C" fn(context: *mut c_void, token: u64)>,
    pub dropped: Option<unsafe extern "C" fn(context: *mut c_void, token: u64)>,
}

#[repr(C)]
pub struct SmCallOps {
    pub size: u32,
    pub progress: u32,
    pub second_poll: u32,
    pub cancel: u32,
    pub complete_again: u32,
    pub fault: u32,
    pub tokens: u32,
    pub overlap: u32,
    pub call_create: unsafe extern "C" fn(*const SmFutureSource, *const SmValueType, *mut *mut c_void) -> Status,
    pub call_poll: unsafe extern "C" fn(*mut c_void, Option<Continuation>, *mut c_void) -> Status,
    pub call_cancel: unsafe extern "C" fn(*mut c_void) -> Status,
    pub call_complete: unsafe extern "C" fn(*mut c_void, *mut *mut c_void) -> Status,
    pub call_destroy: unsafe extern "C" fn(*mut c_void) -> Status,
    pub foreign_call: unsafe extern "C" fn(*const SmForeignMethod, *const SmValueType, *mut *mut c_void) -> Status,
    pub foreign_complete: unsafe extern "C" fn(u64, Status, *mut c_void) -> Status,
    pub foreign_poll: unsafe extern "C" fn(*mut c_void, *const SmWaker, *mut Poll, *mut *mut c_void) -> Status,
    pub foreign_destroy: unsafe extern "C" fn(*mut c_void),
    pub executor: [usize; 3], // not offered: three NULL entries
}

#[repr(C)]
pub struct SmHandleOptions {
    pub size: u32,
    pub capacity: u32,
    pub borrows: u32,
    pub reserved: u32,
}

#[repr(C)]
pub struct SmHandleOps {
    pub size: u32,
    pub progress: u32,
    pub out_of_memory: u32,
    pub reclaim: u32,
    pub reuse_bits: u32,
    pub tells: u32,
    pub capacity: u32,
    pub reserved: u32,
    pub create: unsafe extern "C" fn(*const SmHandleOptions, *const SmValueType, *mut *mut c_void) -> Status,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub insert: unsafe extern "C" fn(*mut c_void, *mut c_void, *mut u64) -> Status,
    pub borrow_begin: unsafe extern "C" fn(*mut c_void, u64, *mut *mut c_void) -> Status,
    pub borrow_end: unsafe extern "C" fn(*mut c_void, u64),
    pub holds: [usize; 2], // acquire and release, not offered: two NULL entries
    pub remove: unsafe extern "C" fn(*mut c_void, u64) -> Status,
    pub more: [usize; 4], // clone, length, decode and flush, not offered: four NULL entries
}

#[repr(C)]
pub struct SmImplementation {
    pub abi: u32,
    pub size: u32,
    pub name: *const c_char,
    pub version: *const c_char,
    pub slot: *const SmSlotOps,
    pub effect: *const SmEffectOps,
    pub future: *const SmFutureOps,
    pub waker: *const SmWakerOps,
    pub oneshot: *const SmOneshotOps,
    pub promise: *const c_void, // not offered
    pub call: *const SmCallOps,
    pub handle: *const SmHandleOps,
}

impl SmImplementation {
    /// An implementation that offers no profile; `version` is that of the crate.
    pub const fn new(name: &'static CStr, version: &'static CStr) -> Self {
        SmImplementation {
            abi: SM_ABI,
            size: size_of::<SmImplementation>() as u32,
            name: name.as_ptr(),
            version: version.as_ptr(),
            slot: ptr::null(),
            effect: ptr::null(),
            future: ptr::null(),
            waker: ptr::null(),
            oneshot: ptr::null(),
            promise: ptr::null(),
            call: ptr::null(),
            handle: ptr::null(),
        }
    }
}

// SAFETY: the record is written once, before the program runs, and only points at what is so too.
unsafe impl Sync for SmImplementation {}
