// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The channels of the profile `oneshot`, for the crates whose oneshot channels have the same shape. `crate::upstream`
//! is the crate's `channel`, `Sender` and `Receiver`, and `look`, which reads without registering.
//!
//! The adapter adds this: either side is an Option. Rust's `send` and `await` consume it, where the caller's pointer
//! stays valid: that of a reader that has read, and of a writer that was refused.

use core::ffi::c_void;
use core::future::Future;
use core::mem::forget;
use core::pin::Pin;
use core::task::{Context, Poll as Polled};

use crate::slotmark::*;
use crate::upstream::{Receiver, Sender, channel, look};
use crate::value::Value;
use crate::waker;

struct Writer {
    upstream: Option<Sender<Value>>,
    value_type: *const SmValueType,
}

struct Reader {
    upstream: Option<Receiver<Value>>,
}

pub static TABLE: SmOneshotOps = SmOneshotOps {
    size: size_of::<SmOneshotOps>() as u32,
    progress: SM_PROGRESS_LOCK_FREE,
    out_of_memory: SM_OUT_OF_MEMORY_ABORTS, // a waker is kept in an Arc (waker.rs)
    close: SM_CLOSE_KEEPS,
    channel_create: create,
    channel_write: write,
    channel_drop_writer: drop_writer,
    channel_read: read,
    channel_drop_reader: drop_reader,
    channel_close: Some(close),
    ends: [0; 11],
    typed: [0; 11],
};

unsafe extern "C" fn create(
    value_type: *const SmValueType,
    out_writer: *mut *mut c_void,
    out_reader: *mut *mut c_void,
) -> Status {
    if value_type.is_null() || out_writer.is_null() || out_reader.is_null() {
        return SM_INVALID;
    }
    let (sender, receiver) = channel();
    unsafe {
        *out_writer = Box::into_raw(Box::new(Writer { upstream: Some(sender), value_type })).cast();
        *out_reader = Box::into_raw(Box::new(Reader { upstream: Some(receiver) })).cast();
    }
    SM_OK
}

unsafe extern "C" fn write(object: *mut c_void, word: *mut c_void) -> Status {
    let Some(writer) = (unsafe { object.cast::<Writer>().as_mut() }) else { return SM_INVALID };
    let Some(sender) = writer.upstream.take() else { return SM_CLOSED };
    match sender.send(Value::new(word, writer.value_type)) {
        Ok(()) => {
            unsafe { drop_writer(object) };
            SM_OK
        }
        Err(value) => {
            forget(value); // the word stays the caller's
            SM_CLOSED
        }
    }
}

unsafe extern "C" fn drop_writer(writer: *mut c_void) {
    if !writer.is_null() {
        drop(unsafe { Box::from_raw(writer.cast::<Writer>()) });
    }
}

unsafe extern "C" fn read(
    reader: *mut c_void,
    lent: *const SmWaker,
    out_poll: *mut Poll,
    out_value: *mut *mut c_void,
) -> Status {
    let Some(reader) = (unsafe { reader.cast::<Reader>().as_mut() }) else { return SM_INVALID };
    if out_poll.is_null() || out_value.is_null() {
        return SM_INVALID;
    }
    let Some(receiver) = &mut reader.upstream else { return SM_COMPLETED };
    let polled = match unsafe { lent.as_ref() } {
        None => look(receiver),
        Some(lent) => {
            let Some(waker) = (unsafe { waker::clone_of(lent) }) else { return SM_NO_MEMORY };
            Pin::new(receiver).poll(&mut Context::from_waker(&waker)).map(Result::ok)
        }
    };
    let Polled::Ready(received) = polled else {
        unsafe { *out_poll = SM_POLL_PENDING };
        return SM_OK;
    };
    reader.upstream = None;
    let Some(value) = received else { return SM_CLOSED };
    unsafe {
        *out_poll = SM_POLL_READY;
        *out_value = value.into_word();
    }
    SM_OK
}

unsafe extern "C" fn drop_reader(reader: *mut c_void) {
    if !reader.is_null() {
        drop(unsafe { Box::from_raw(reader.cast::<Reader>()) });
    }
}

unsafe extern "C" fn close(reader: *mut c_void) -> Status {
    let Some(reader) = (unsafe { reader.cast::<Reader>().as_mut() }) else { return SM_INVALID };
    if let Some(receiver) = &mut reader.upstream {
        receiver.close();
    }
    SM_OK
}
