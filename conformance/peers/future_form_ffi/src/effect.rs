// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The profile `effect`: `Arc<EffectSlot<Value, Value>>`, and `EffectHandle` over `HostHandle`. Upstream's hosts own
//! their collections of handles, so there is no registry.

use core::ffi::c_void;
use std::sync::Arc;

use future_form_ffi::{effect_handle::EffectHandle, effect_slot::EffectSlot, host_handle::HostHandle};

use crate::border::catch;
use crate::future::{Boxed, LocalFuture, SendableFuture, from_source, give};
use crate::slotmark::*;
use crate::value::Value;

struct Channel {
    upstream: EffectSlot<Value, Value>,
    types: Types,
}

/// The adapter adds this: the two types, which Rust's E and R carry by themselves.
struct Types {
    effects: *const SmValueType,
    responses: *const SmValueType,
}

// SAFETY: a type's functions may be called on any thread. Whether a channel may be shared is left to upstream's
// EffectSlot.
unsafe impl Send for Types {}
unsafe impl Sync for Types {}

pub static TABLE: SmEffectOps = SmEffectOps {
    size: size_of::<SmEffectOps>() as u32,
    progress: SM_PROGRESS_LOCK_FREE,
    out_of_memory: SM_OUT_OF_MEMORY_ABORTS, // request and fulfill box what they store
    residue: SM_RESIDUE_KEPT,
    repost: SM_REPOST_POSTED,
    stash: SM_STASH_KEPT,
    create,
    destroy,
    share: Some(share),
    request,
    take_effect,
    fulfill,
    handle_create,
    handle_destroy,
    handle_poll,
    handle_stash,
    handle_peek,
    handle_take,
    handle_context,
    registry: [0; 5],
};

unsafe extern "C" fn create(
    effects: *const SmValueType,
    responses: *const SmValueType,
    out: *mut *mut c_void,
) -> Status {
    let Some(effect_type) = (unsafe { effects.as_ref() }) else { return SM_INVALID };
    if effect_type.clone.is_none() || responses.is_null() || out.is_null() {
        return SM_INVALID;
    }
    let channel = Arc::new(Channel { upstream: EffectSlot::new(), types: Types { effects, responses } });
    unsafe { *out = Arc::into_raw(channel).cast_mut().cast() };
    SM_OK
}

unsafe extern "C" fn destroy(channel: *mut c_void) {
    if !channel.is_null() {
        unsafe { Arc::decrement_strong_count(channel.cast::<Channel>()) };
    }
}

unsafe extern "C" fn share(channel: *mut c_void) -> Status {
    if channel.is_null() {
        return SM_INVALID;
    }
    unsafe { Arc::increment_strong_count(channel.cast::<Channel>()) };
    SM_OK
}

unsafe extern "C" fn request(
    channel: *mut c_void,
    word: *const c_void,
    out_poll: *mut Poll,
    out_response: *mut *mut c_void,
) -> Status {
    let Some(channel) = (unsafe { channel.cast::<Channel>().as_ref() }) else { return SM_INVALID };
    if out_poll.is_null() || out_response.is_null() {
        return SM_INVALID;
    }
    let effect = Value::lent(word, channel.types.effects);
    // A clone that fails ends in SM_NO_MEMORY (value.rs, Clone).
    catch(|| unsafe { give(channel.upstream.request(&effect).map(Ok), out_poll, out_response) })
}

unsafe extern "C" fn take_effect(channel: *mut c_void, out: *mut *mut c_void) -> Status {
    let Some(channel) = (unsafe { channel.cast::<Channel>().as_ref() }) else { return SM_INVALID };
    unsafe { move_out(|| channel.upstream.take_effect(), out) }
}

unsafe extern "C" fn fulfill(channel: *mut c_void, word: *mut c_void) -> Status {
    let Some(channel) = (unsafe { channel.cast::<Channel>().as_ref() }) else { return SM_INVALID };
    channel.upstream.fulfill(Value::new(word, channel.types.responses));
    SM_OK
}

/// Takes, and writes the word, unless there is nowhere to write it.
unsafe fn move_out(take: impl FnOnce() -> Option<Value>, out: *mut *mut c_void) -> Status {
    if out.is_null() {
        return SM_INVALID;
    }
    match take() {
        Some(value) => {
            unsafe { *out = value.into_word() };
            SM_OK
        }
        None => SM_EMPTY,
    }
}

/// The adapter adds this: the form, which Rust has in the type, and the type of stashed effects.
struct Handle {
    upstream: Form,
    effects: *const SmValueType,
}

enum Form {
    Sendable(EffectHandle<SendableFuture, Value, c_void>),
    Local(EffectHandle<LocalFuture, Value, c_void>),
}

/// Calls a method of the EffectHandle of either form.
macro_rules! upstream {
    ($handle:expr, $upstream:ident => $call:expr) => {
        match $handle {
            Form::Sendable($upstream) => $call,
            Form::Local($upstream) => $call,
        }
    };
}

unsafe extern "C" fn handle_create(
    source: *const SmFutureSource,
    effects: *const SmValueType,
    context: *mut c_void,
    out: *mut *mut c_void,
) -> Status {
    if effects.is_null() || out.is_null() {
        return SM_INVALID;
    }
    let upstream = match unsafe { from_source(source) } {
        Some(Boxed::Sendable(future)) => Form::Sendable(EffectHandle::new(HostHandle::new(future), context)),
        Some(Boxed::Local(future)) => Form::Local(EffectHandle::new(HostHandle::new(future), context)),
        None => return SM_INVALID,
    };
    unsafe { *out = Box::into_raw(Box::new(Handle { upstream, effects })).cast() };
    SM_OK
}

unsafe extern "C" fn handle_destroy(handle: *mut c_void) -> Status {
    if !handle.is_null() {
        drop(unsafe { Box::from_raw(handle.cast::<Handle>()) });
    }
    SM_OK
}

unsafe extern "C" fn handle_poll(handle: *mut c_void, out_poll: *mut Poll, out_value: *mut *mut c_void) -> Status {
    let Some(handle) = (unsafe { handle.cast::<Handle>().as_mut() }) else { return SM_INVALID };
    if out_poll.is_null() || out_value.is_null() {
        return SM_INVALID;
    }
    catch(|| {
        let polled = upstream!(&mut handle.upstream, upstream => upstream.poll_once());
        unsafe { give(polled, out_poll, out_value) }
    })
}

unsafe extern "C" fn handle_stash(handle: *mut c_void, word: *mut c_void) -> Status {
    let Some(handle) = (unsafe { handle.cast::<Handle>().as_mut() }) else { return SM_INVALID };
    let value = Value::new(word, handle.effects);
    upstream!(&mut handle.upstream, upstream => upstream.stash_effect(value));
    SM_OK
}

unsafe extern "C" fn handle_peek(handle: *const c_void, out: *mut *const c_void) -> Status {
    let Some(handle) = (unsafe { handle.cast::<Handle>().as_ref() }) else { return SM_INVALID };
    if out.is_null() {
        return SM_INVALID;
    }
    match upstream!(&handle.upstream, upstream => upstream.last_effect()) {
        Some(value) => {
            unsafe { *out = value.word() };
            SM_OK
        }
        None => SM_EMPTY,
    }
}

unsafe extern "C" fn handle_take(handle: *mut c_void, out: *mut *mut c_void) -> Status {
    let Some(handle) = (unsafe { handle.cast::<Handle>().as_mut() }) else { return SM_INVALID };
    unsafe { move_out(|| upstream!(&mut handle.upstream, upstream => upstream.take_effect()), out) }
}

unsafe extern "C" fn handle_context(handle: *const c_void, out: *mut *mut c_void) -> Status {
    let Some(handle) = (unsafe { handle.cast::<Handle>().as_ref() }) else { return SM_INVALID };
    if out.is_null() {
        return SM_INVALID;
    }
    unsafe { *out = upstream!(&handle.upstream, upstream => upstream.context()).cast_mut() };
    SM_OK
}
