// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The finding of README.md against tokio alone, which ThreadSanitizer sees; README.md has the command.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};
use std::env::args;
use std::thread;

use tokio::sync::oneshot;

struct Shared(UnsafeCell<u32>);
// SAFETY: its two threads use it one after the other; whether they are ordered is the question.
unsafe impl Sync for Shared {}

/// Finding 1: `close` does not publish what its thread did before, to the `send` that it refuses. With the argument
/// `ordered` the program orders the two itself, and there is no race.
fn main() {
    let (store, load) = match args().nth(1).as_deref() {
        Some("ordered") => (Ordering::Release, Ordering::Acquire),
        _ => (Ordering::Relaxed, Ordering::Relaxed),
    };
    let shared = &Shared(UnsafeCell::new(0));
    let closed = &AtomicBool::new(false);
    let (sender, mut receiver) = oneshot::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            unsafe { *shared.0.get() = 1 };
            receiver.close();
            closed.store(true, store);
            receiver // is not dropped before the join
        });
        while !closed.load(load) {}
        assert!(sender.send(()).is_err());
        println!("seen {}", unsafe { *shared.0.get() });
    });
}
