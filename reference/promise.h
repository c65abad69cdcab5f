// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A promise is a result that a loop's thread awaits, and that any thread decides: with a value, or with an error.
//
//     struct sm_promise *promise;
//     struct sm_fulfiller *fulfiller;
//     sm_promise_create(loop, &greetings, &promise, &fulfiller);
//
//     sm_promise_fulfill(fulfiller, greeting);                     // another thread; the greeting is the promise's
//     sm_fulfiller_drop(fulfiller);
//
//     status = sm_promise_poll(promise, &waker, &found, &greeting); // the loop's thread: PENDING, or the greeting
//     sm_promise_destroy(promise);
//
// Which calls may run at once on one promise (x: yes):
//
//                      fulfill  reject  share  drop  poll  destroy  sm_loop_destroy
//     fulfill, reject     x       x       x     x     x       x            x
//     share, drop         x       x       x     x     x       x            x
//     poll, destroy       x       x       x     x
//
// Whoever calls fulfill, reject or share holds a reference to the fulfiller meanwhile. poll and destroy are for the
// thread that has entered the loop.
// Order: for threads X and Y, what X did before it fulfilled or rejected is visible to Y after Y's poll gave the
//   result. [PROMISE-30]
// Progress: fulfill, reject, share and drop are one or two read-modify-writes each, beside a push on the loop's queue,
//   which is lock-free: nobody waits, destroy included. [PROMISE-31]
// Memory: a promise with its fulfiller is 144 bytes, in one block; another reference costs nothing. No operation
//   on a promise allocates; a poll clones the waker that it is to keep, where that is neither the one that it keeps
//   already nor the polling job's own. [PROMISE-32, 50]
// Foreign code: drops of values and the members of wakers are called last, with nothing held; the clone of a waker
//   comes before it is kept, and may do all but destroy the promise. [PROMISE-35]
//
// Implementation: promise and fulfiller share one cell. Its state word decides every race. It is KJ's cross-thread cell
//   (WAITING, FULFILLING, FULFILLED or CANCELED), with a bit for each side that has gone beside the phase of the value:
//
//     phase   WAITING --(1)--> MOVING --(2)--> FULFILLED
//                    \                \-(2)--> REJECTED
//                     \--(5)--> CANCELLED
//     bits    CLOSED (3)   GONE (4)   DROPPED (6)
//
//     (1) fulfill, reject: compare-exchange of the whole word from WAITING with no bit set. Of all that race, one
//         succeeds: that one decides. It is answered by the word which the others find.
//     (2) the same call, once its value is in: an addition, which says at the same time whether CLOSED came meanwhile.
//     (3) the loop's thread, in destroy or sm_loop_destroy: nobody will poll any more.
//     (4) destroy: the handle of the promise is given up.
//     (5) the last drop of the fulfiller: it is the decision that there is none.
//     (6) the same, last: its handle is given up.
//
//   The value changes hands with the word. Who sets CLOSED and finds FULFILLED or REJECTED drops it; who finds MOVING
//   leaves it to the mover, who finds CLOSED in (2) and drops it. So destroy does not wait for a move, where KJ's does,
//   and still the value is dropped once, and fulfill says SM_OK, as the call that decided. [PROMISE-20, 23] Who sets
//   the second of GONE and DROPPED frees the cell. That a result has been taken is known to the loop's thread alone.
//   A decision, (2) without CLOSED or (5), is followed by one push of the cell on the queue of its loop (event.h), by
//   whoever decided and still has the fulfiller; the turn that takes it wakes who awaits. Where the promise is
//   destroyed between the two, that turn does (4) in its place; and where the loop goes before there is such a turn,
//   the loop's destruction, which takes all that was pushed, or the push, which finds the queue closed.
//   The cell keeps the queue. For what is made and freed on the loop's thread that is a count of that thread's own.
//   The awaiting waker is the loop's thread's alone and needs no atomics.
#ifndef SLOTMARK_REFERENCE_PROMISE_H_
#define SLOTMARK_REFERENCE_PROMISE_H_

#include "loop.h"
#include "value.h"
#include "waker.h"

#ifdef __cplusplus
extern "C" {
#endif

// sm_promise is the end that is polled; sm_fulfiller is the end that decides.
struct sm_promise;
struct sm_fulfiller;

// sm_promise_create makes a pending promise, bound to the loop, and its fulfiller. [PROMISE-14]
//
// Ownership: both are the caller's, the promise to destroy, the fulfiller to drop, in any order. `type`, which has the
//   drop of value and error, outlives both.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY, SM_WRONG_LOOP; SM_CLOSED inside sm_loop_destroy.
enum sm_status sm_promise_create(struct sm_loop *loop, const struct sm_value_type *type,
                                 struct sm_promise **out_promise, struct sm_fulfiller **out_fulfiller);

// sm_promise_fulfill decides the promise with a value, sm_promise_reject with an error. Who awaits it is woken by a
// turn of the loop. [PROMISE-15, 16, 19, 20, 27]
//
// Ownership: on SM_OK the value is the promise's; else it stays the caller's. The fulfiller stays the caller's.
// Returns: SM_OK; SM_INVALID; SM_CLOSED where promise or loop are gone; else SM_COMPLETED where it is decided already.
enum sm_status sm_promise_fulfill(struct sm_fulfiller *fulfiller, void *value);
enum sm_status sm_promise_reject(struct sm_fulfiller *fulfiller, void *error);

// sm_promise_poll gives the result, once, or keeps a clone of `waker`, in place of the one that was there. [PROMISE-18,
// 25 to 29, 33, 50]
//
// Ownership: a result is the caller's; the waker stays the caller's. PENDING leaves *out_value.
// Returns: SM_OK, PENDING or READY; SM_FAILED with an error in *out_value; SM_CANCELLED where the fulfiller was dropped
//   undecided; SM_COMPLETED after any of these; SM_INVALID; SM_WRONG_LOOP; SM_CLOSED where the loop is gone;
//   SM_NO_MEMORY where the waker's clone had none.
enum sm_status sm_promise_poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                               void **out_value);

// sm_promise_destroy drops the promise, the waker that it keeps, and a result that nobody took; one that is being moved
// in is dropped by the call that moves it. Where the loop is gone, on any thread. NULL is fine and does nothing.
// [PROMISE-12, 22, 23]
//
// Returns: SM_OK; SM_WRONG_LOOP.
enum sm_status sm_promise_destroy(struct sm_promise *promise);

// sm_fulfiller_share adds a reference, to be given up by sm_fulfiller_drop. [PROMISE-24]
//
// Returns: SM_OK; SM_INVALID; SM_EXHAUSTED where there are 2^31 - 1.
enum sm_status sm_fulfiller_share(struct sm_fulfiller *fulfiller);

// sm_fulfiller_drop gives a reference up. With the last one, a promise that is undecided ends as SM_CANCELLED. NULL is
// fine and does nothing. [PROMISE-17, 24]
void sm_fulfiller_drop(struct sm_fulfiller *fulfiller);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_PROMISE_H_
