// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! The findings of README.md against sharded-slab alone: `cargo run --release --locked --example findings`. Ends with 0
//! where each is as it is told there. In a debug build upstream's own assertion ends it at the second.

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::thread;

use sharded_slab::Slab;

/// Finding 1: `remove` of an object that a guard holds says each time that it has removed it. It is dropped once.
fn remove_succeeds_while_guarded() {
    let slab = Slab::new();
    let object = Arc::new("held");
    let key = slab.insert(object.clone()).unwrap();
    let guard = slab.get(key);
    assert!(slab.remove(key));
    assert!(slab.get(key).is_none());
    assert!(slab.remove(key));
    assert!(slab.remove(key));
    assert_eq!(Arc::strong_count(&object), 2);
    drop(guard);
    assert_eq!(Arc::strong_count(&object), 1);
    assert!(!slab.remove(key));
}

/// Waits until the number is there, and gives way on a busy machine.
fn wait_for(place: &AtomicUsize, number: usize) {
    while place.load(Acquire) != number {
        thread::yield_now();
    }
}

/// Finding 1, without a guard: two threads that remove one object at once are both told that they have.
fn racing_removes_both_succeed() {
    const ROUNDS: usize = 10_000_000;
    let slab = Slab::new();
    let object = Arc::new("contested");
    let (round, over, key) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let (has_removed, is_enough) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 1..ROUNDS {
                wait_for(&round, number);
                if is_enough.load(Acquire) {
                    break;
                }
                has_removed.store(slab.remove(key.load(Relaxed)), Relaxed);
                over.store(number, Release);
            }
        });
        let both = (1..ROUNDS).any(|number| {
            let own = slab.insert(object.clone()).unwrap();
            key.store(own, Relaxed);
            round.store(number, Release);
            let has = slab.remove(own);
            wait_for(&over, number);
            assert_eq!(Arc::strong_count(&object), 1);
            has && has_removed.load(Relaxed)
        });
        is_enough.store(true, Release);
        round.fetch_add(1, Release);
        assert!(both);
    });
}

/// Finding 2: the key that a free entry will have next is removed too. The entry is then free twice, and given to two.
fn expect_freed_twice(slab: &Slab<&'static str>, next: usize) {
    assert!(slab.get(next).is_none());
    assert!(slab.remove(next));
    let left = slab.insert("left").unwrap();
    let right = slab.insert("right").unwrap();
    assert_eq!(left, right);
    assert_eq!(*slab.get(left).unwrap(), "right");
}

fn key_that_was_never_issued_frees_twice() {
    let slab = Slab::new();
    let first = slab.insert("first").unwrap();
    assert!(slab.remove(first));
    let second = slab.insert("second").unwrap();
    assert!(slab.remove(second));
    expect_freed_twice(&slab, second + (second - first));
}

/// Finding 3: a key recurs after 8191 reuses of its entry, and gives the new object.
fn reuse(slab: &Slab<&'static str>, times: usize) {
    for _ in 0..times {
        let key = slab.insert("between").unwrap();
        assert!(slab.remove(key));
    }
}

fn key_recurs() {
    let slab = Slab::new();
    let first = slab.insert("first").unwrap();
    assert!(slab.remove(first));
    reuse(&slab, 8190);
    assert_eq!(slab.insert("other"), Some(first));
    assert_eq!(*slab.get(first).unwrap(), "other");
}

/// Findings 2 and 3 together need no key but one that was issued, and removed.
fn stale_key_frees_twice() {
    let slab = Slab::new();
    let first = slab.insert("first").unwrap();
    assert!(slab.remove(first));
    reuse(&slab, 8190);
    expect_freed_twice(&slab, first);
}

fn main() {
    remove_succeeds_while_guarded();
    racing_removes_both_succeed();
    key_that_was_never_issued_frees_twice();
    key_recurs();
    stale_key_frees_twice();
}
