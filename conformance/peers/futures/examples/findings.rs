// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The finding of README.md against futures alone: `cargo run --locked --example findings`. Ends with 0 where it is as
//! it is told there.

use core::ptr;
use core::task::{RawWaker, RawWakerVTable, Waker};
use std::panic::set_hook;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::Wake;
use std::thread;

use futures::task::AtomicWaker;

#[derive(Default)]
struct Counting(AtomicUsize);
impl Wake for Counting {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// A waker whose clone panics.
fn stubborn() -> Waker {
    fn clone(_: *const ()) -> RawWaker {
        panic!("no clone");
    }
    fn nothing(_: *const ()) {}
    static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, nothing, nothing, nothing);
    unsafe { Waker::new(ptr::null(), &VTABLE) }
}

/// Finding 1: after a register whose clone panicked, each later register and wake does nothing.
fn cell_is_deaf_after_a_panic() {
    let task = Arc::new(Counting::default());
    let waker = Waker::from(task.clone());

    let cell = AtomicWaker::new();
    cell.register(&waker);
    cell.wake();
    assert_eq!(task.0.load(Relaxed), 1);

    let register = || cell.register(&stubborn());
    assert!(thread::scope(|scope| scope.spawn(register).join()).is_err());
    cell.register(&waker);
    cell.wake();
    assert_eq!(task.0.load(Relaxed), 1);
    assert_eq!(Arc::strong_count(&task), 2, "it was not even kept");
}

fn main() {
    set_hook(Box::new(|_| ()));
    cell_is_deaf_after_a_panic();
}
