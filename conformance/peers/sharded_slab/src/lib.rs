// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! sharded-slab 0.1.7 as a subject of Slotmark: `Slab<Value>` is the table of the profile `handle`. A borrow is an
//! `Entry`, upstream's guard.

use core::cell::RefCell;
use core::ffi::c_void;

use sharded_slab::{Entry, Slab};

#[path = "../../border.rs"]
mod border;
#[path = "../../slotmark.rs"]
mod slotmark;
#[path = "../../value.rs"]
mod value;
use slotmark::*;
use value::Value;

struct Table {
    upstream: Slab<Value>,
    value_type: *const SmValueType,
}

/// The adapter adds this: a place for the guards of this thread, which C does not hand around.
struct Borrow {
    table: *const Table,
    handle: u64,
    guard: Entry<'static, Value>,
}

thread_local! {
    static BORROWS: RefCell<Vec<Borrow>> = const { RefCell::new(Vec::new()) };
}

static HANDLE: SmHandleOps = SmHandleOps {
    size: size_of::<SmHandleOps>() as u32,
    progress: SM_PROGRESS_LOCK_FREE,
    out_of_memory: SM_OUT_OF_MEMORY_ABORTS,
    reclaim: SM_RECLAIM_PROMPT,
    reuse_bits: 12,          // a key recurs after 8191 reuses
    tells: SM_TELLS_NOTHING, // upstream finds an object, or none
    capacity: SM_CAPACITY_GROWS,
    reserved: 0,
    create,
    destroy,
    insert,
    borrow_begin,
    borrow_end,
    holds: [0; 2], // upstream releases by guard, and finds none by its key once the object is removed
    remove,
    more: [0; 4],
};

/// The adapter adds this: a handle is the key and one, since 0 is a key.
fn handle_of(key: usize) -> u64 {
    key as u64 + 1
}

fn key_of(handle: u64) -> Option<usize> {
    handle.checked_sub(1).map(|key| key as usize)
}

unsafe extern "C" fn create(
    options: *const SmHandleOptions,
    value_type: *const SmValueType,
    out: *mut *mut c_void,
) -> Status {
    let Some(options) = (unsafe { options.as_ref() }) else { return SM_INVALID };
    if (options.size as usize) < size_of::<SmHandleOptions>() || options.capacity != 0 {
        return SM_INVALID; // upstream's tables grow
    }
    if value_type.is_null() || out.is_null() {
        return SM_INVALID;
    }
    unsafe { *out = Box::into_raw(Box::new(Table { upstream: Slab::new(), value_type })).cast() };
    SM_OK
}

unsafe extern "C" fn destroy(table: *mut c_void) {
    if !table.is_null() {
        drop(unsafe { Box::from_raw(table.cast::<Table>()) });
    }
}

unsafe extern "C" fn insert(table: *mut c_void, word: *mut c_void, out: *mut u64) -> Status {
    let Some(table) = (unsafe { table.cast::<Table>().as_ref() }) else { return SM_INVALID };
    if out.is_null() {
        return SM_INVALID;
    }
    // Slab::insert would drop the object where the slab is full.
    let Some(vacant) = table.upstream.vacant_entry() else { return SM_EXHAUSTED };
    unsafe { *out = handle_of(vacant.key()) };
    vacant.insert(Value::new(word, table.value_type));
    SM_OK
}

unsafe extern "C" fn borrow_begin(table: *mut c_void, handle: u64, out: *mut *mut c_void) -> Status {
    // 'static: the table outlives its borrows.
    let Some(table) = (unsafe { table.cast::<Table>().as_ref::<'static>() }) else { return SM_INVALID };
    let Some(key) = key_of(handle) else { return SM_INVALID };
    if out.is_null() {
        return SM_INVALID;
    }
    let Some(guard) = table.upstream.get(key) else { return SM_STALE };
    unsafe { *out = guard.word() };
    BORROWS.with_borrow_mut(|borrows| borrows.push(Borrow { table, handle, guard }));
    SM_OK
}

unsafe extern "C" fn borrow_end(table: *mut c_void, handle: u64) {
    let ended = BORROWS.with_borrow_mut(|borrows| {
        let i = borrows.iter().rposition(|b| b.table == table.cast::<Table>() && b.handle == handle)?;
        Some(borrows.swap_remove(i))
    });
    drop(ended.map(|borrow| borrow.guard)); // may drop the object, with BORROWS free
}

unsafe extern "C" fn remove(table: *mut c_void, handle: u64) -> Status {
    let Some(table) = (unsafe { table.cast::<Table>().as_ref() }) else { return SM_INVALID };
    let Some(key) = key_of(handle) else { return SM_INVALID };
    if table.upstream.remove(key) { SM_OK } else { SM_STALE }
}

static IMPLEMENTATION: SmImplementation =
    SmImplementation { handle: &HANDLE, ..SmImplementation::new(c"sharded-slab", c"0.1.7") };

#[unsafe(no_mangle)]
pub extern "C" fn slotmark_implementation() -> *const SmImplementation {
    &IMPLEMENTATION
}
