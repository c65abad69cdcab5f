// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The findings of README.md against uniffi_core alone: `cargo run --locked --example findings`. Ends with 0 where each
//! is as it is told there.

use core::cell::Cell;
use core::future::Future;
use core::mem::{ManuallyDrop, transmute};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::alloc::{GlobalAlloc, Layout, System};
use std::future::poll_fn;
use std::panic::{set_hook, take_hook};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::Wake;

use uniffi_core::{
    ForeignFutureCallback, ForeignFutureDroppedCallbackStruct, Handle, LiftArgsError, Lower, RustBuffer,
    RustCallStatus, RustFuturePoll, foreign_async_call, rust_future_complete, rust_future_free, rust_future_new,
    rust_future_poll,
};

/// The tag that upstream's macros make for each crate.
struct Tag;

struct Counting;
static BYTES: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The bytes that `body` leaves allocated.
fn left_by(body: impl Fn()) -> usize {
    body(); // what is allocated once
    let before = BYTES.load(Relaxed);
    body();
    BYTES.load(Relaxed) - before
}

const LONG: usize = 1 << 20;

/// Polled until READY, then freed or completed.
fn call(future: impl Future<Output = String> + Send + 'static, completed: bool) {
    extern "C" fn ready(_data: u64, code: RustFuturePoll) {
        assert!(matches!(code, RustFuturePoll::Ready));
    }
    let handle = rust_future_new(async { Ok::<String, LiftArgsError>(future.await) }, Tag);
    unsafe {
        rust_future_poll::<RustBuffer>(handle.clone(), ready, 0);
        if completed {
            let mut status = RustCallStatus::default();
            rust_future_complete::<RustBuffer>(handle.clone(), &mut status).destroy();
            ManuallyDrop::into_inner(status.error_buf).destroy();
        }
        rust_future_free::<RustBuffer>(handle);
    }
}

/// Finding 1: `rust_future_free` leaks a result that nobody completed, and the message of a panic.
fn free_leaks_the_result() {
    assert_eq!(left_by(|| call(async { "x".repeat(LONG) }, true)), 0);
    assert_eq!(left_by(|| call(async { "x".repeat(LONG) }, false)), LONG);
    let hook = take_hook();
    set_hook(Box::new(|_| ()));
    assert_eq!(left_by(|| call(async { panic!("{}", "x".repeat(LONG)) }, true)), 0);
    assert!(left_by(|| call(async { panic!("{}", "x".repeat(LONG)) }, false)) >= LONG);
    set_hook(hook);
}

/// ForeignFutureResult, as a language that calls upstream declares it.
#[repr(C)]
struct ForeignResult {
    value: RustBuffer,
    status: RustCallStatus,
}

type Complete = extern "C" fn(u64, ForeignResult);

/// A foreign call, polled once with `waker`, and what completes it.
fn foreign(waker: &Waker) -> (Pin<Box<dyn Future<Output = String>>>, impl FnOnce() + use<>) {
    let method = Rc::new(Cell::new(None));
    let kept = method.clone();
    let mut future: Pin<Box<dyn Future<Output = String>>> = Box::pin(foreign_async_call::<_, String, Tag>(
        move |callback: ForeignFutureCallback<RustBuffer>, token, _: &mut ForeignFutureDroppedCallbackStruct| {
            kept.set(Some((callback, token)));
        },
    ));
    assert!(future.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
    let (callback, token) = method.take().unwrap();
    // SAFETY: the two records have the same fields in the layout of C.
    let complete: Complete = unsafe { transmute(callback) };
    let value = move || <String as Lower<Tag>>::lower("x".repeat(LONG));
    (future, move || complete(token, ForeignResult { value: value(), status: RustCallStatus::default() }))
}

/// Finding 2: so does a foreign call that nobody awaits any more, whether its result is there or comes later.
fn dropped_foreign_call_leaks_its_result() {
    assert_eq!(
        left_by(|| {
            let (mut future, complete) = foreign(Waker::noop());
            complete();
            assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
        }),
        0
    );
    assert_eq!(
        left_by(|| {
            let (future, complete) = foreign(Waker::noop());
            complete();
            drop(future);
        }),
        LONG
    );
    assert_eq!(
        left_by(|| {
            let (future, complete) = foreign(Waker::noop());
            drop(future);
            complete();
        }),
        LONG
    );
}

struct Quiet;
impl Wake for Quiet {
    fn wake(self: Arc<Self>) {}
}

/// Finding 3: a foreign call that was dropped keeps the waker of its last poll until it is completed.
fn dropped_foreign_call_keeps_its_waker() {
    let task = Arc::new(Quiet);
    let (future, complete) = foreign(&Waker::from(task.clone()));
    drop(future);
    assert_eq!(Arc::strong_count(&task), 2);
    complete();
    assert_eq!(Arc::strong_count(&task), 1);
}

/// Finding 4: a poll that is displaced by one in which the future ends is told by `rust_future_free`, and not before.
fn displaced_poll_is_told_by_free() {
    extern "C" fn count(told: u64, code: RustFuturePoll) {
        assert!(matches!(code, RustFuturePoll::Ready));
        unsafe { &*(told as *const AtomicUsize) }.fetch_add(1, Relaxed);
    }
    let (first, second) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut polls = 0;
    let future = poll_fn(move |_| {
        polls += 1;
        if polls == 1 { Poll::Pending } else { Poll::Ready(String::new()) }
    });
    let handle: Handle = rust_future_new(async { Ok::<String, LiftArgsError>(future.await) }, Tag);
    unsafe {
        rust_future_poll::<RustBuffer>(handle.clone(), count, &raw const first as u64);
        rust_future_poll::<RustBuffer>(handle.clone(), count, &raw const second as u64);
        assert_eq!((first.load(Relaxed), second.load(Relaxed)), (0, 1));
        rust_future_complete::<RustBuffer>(handle.clone(), &mut RustCallStatus::default()).destroy();
        assert_eq!(first.load(Relaxed), 0);
        rust_future_free::<RustBuffer>(handle);
        assert_eq!(first.load(Relaxed), 1);
    }
}

fn main() {
    free_leaks_the_result();
    dropped_foreign_call_leaks_its_result();
    dropped_foreign_call_keeps_its_waker();
    displaced_poll_is_told_by_free();
}
