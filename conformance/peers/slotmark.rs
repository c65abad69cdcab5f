// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! conformance/slotmark.h in Rust, ABI 1: its records and numbers, field by field, as far as the Rust peers use them.
//! Each takes it in as `#[path = "../../slotmark.rs"] mod slotmark;`. Objects are `*mut c_void`: what is behind them is
//! the peer's.
#![allow(dead_code)] // a peer uses the profiles that it offers

use core::ffi::{c_char, c_void};

pub const SM_ABI: u32 = 1;

pub type Status = u32; // enum sm_status
pub const SM_OK: Status = 0;
pub const SM_EMPTY: Status = 1;
pub const SM_INVALID: Status = 16;
pub const SM_NO_MEMORY: Status = 17;
pub const SM_FAILED: Status = 25;
pub const SM_FAULT: Status = 26;

pub type Poll = u32; // enum sm_poll
pub const SM_POLL_PENDING: Poll = 0;
pub const SM_POLL_READY: Poll = 1;

pub const SM_PROGRESS_LOCK_FREE: u32 = 2;
pub const SM_OUT_OF_MEMORY_ABORTS: u32 = 2;
pub const SM_AFTER_READY_FORWARDED: u32 = 2;
pub const SM_WAKES_LOST: u32 = 2;
pub const SM_CHECKS_NOTHING: u32 = 1;
pub const SM_RESIDUE_KEPT: u32 = 1;
pub const SM_REPOST_POSTED: u32 = 1;
pub const SM_STASH_KEPT: u32 = 1;

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
pub struct SmImplementation {
    pub abi: u32,
    pub size: u32,
    pub name: *const c_char,
    pub version: *const c_char,
    pub slot: *const SmSlotOps,
    pub effect: *const SmEffectOps,
    pub future: *const SmFutureOps,
}

// SAFETY: the record is written once, before the program runs, and only points at what is so too.
unsafe impl Sync for SmImplementation {}
