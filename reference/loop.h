// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A loop is where one thread waits for many things: it polls the jobs that are spawned on it (job.h), and tells them of
// the promises that they await (promise.h), which any thread decides.
//
//     static void rouse(void *context) { ... }             // write to an eventfd, say
//
//     struct sm_loop *loop;
//     sm_loop_create(rouse, &eventfd, &loop);
//     sm_loop_enter(loop);
//     for (uint32_t count;;) {
//         sm_loop_run(loop, &count);                       // everything that there is to do
//         ...                                              // sleep on the eventfd
//     }
//
// Which calls may run at once on one loop: none; all but create are for the thread that has entered the loop, enter for
// the one that is about to, destroy for either. The fulfillers of its promises and the wakers of its jobs run at once
// with everything.
// Order: what a thread did before loop_leave is visible to the thread that enters the loop next; what it did before it
//   decided a promise or woke a job is visible to the turn that dispatches it. Events that one thread causes are
//   dispatched in the order in which it caused them. [PROMISE-42, 53]
// Progress: nothing here waits. A turn is one event: a wake, or one poll of one job. Deciding and waking, on other
//   threads, touch the ready queue alone (task.h).
// Memory: a loop is one allocation and its ready queue; a turn allocates nothing.
// Foreign code: notify, and whatever a turn calls, runs with the loop in order, and may call back into the library.
//   From inside a turn the loop is neither turned, left nor destroyed: SM_REENTRANT. [PROMISE-06, 08]
//
// Implementation: a loop is a ready queue of events, and a list of those that are bound to it. An event is a promise or
//   a job (event.h). A job owns a task of the queue, whose token it is; a promise is pushed once, and needs none.
//   Everything but the queue belongs to the thread that has entered the loop, and needs no atomics. Which loop that is,
//   is a thread-local word: being on the loop is one comparison. Fulfillers and wakers know the queue, which is closed
//   with the loop and outlives it as long as they are held; so a loop that is gone is out of their reach.
//   [PROMISE-11, 46]
#ifndef SLOTMARK_REFERENCE_LOOP_H_
#define SLOTMARK_REFERENCE_LOOP_H_

#include <stdint.h>

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

// sm_loop is an event loop.
struct sm_loop;

// sm_loop_create makes a loop that no thread has entered. `notify`, where it is not NULL, is called with `context` on
// the deciding or waking thread when the loop, run until idle before, has something to do again. [PROMISE-01, 07, 08]
//
// Ownership: the loop is the caller's, to destroy. `context` outlives it, and every decision and wake that began before
//   sm_loop_destroy returned.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_loop_create(void (*notify)(void *context), void *context, struct sm_loop **out_loop);

// sm_loop_destroy ends a loop, entered by this thread or by none: it closes the promises and drops the jobs' futures.
// What is left of them is destroyed on any thread. NULL is fine and does nothing. [PROMISE-10 to 13, 56]
//
// Returns: SM_OK; SM_REENTRANT from inside a turn; SM_WRONG_LOOP where another thread has entered it.
enum sm_status sm_loop_destroy(struct sm_loop *loop);

// sm_loop_enter makes the loop the calling thread's, until sm_loop_leave. [PROMISE-02, 03]
//
// Returns: SM_OK; SM_INVALID; SM_BUSY where a thread has entered it already, or this thread another.
enum sm_status sm_loop_enter(struct sm_loop *loop);

// sm_loop_leave undoes sm_loop_enter. The loop, with all that is bound to it, may be entered by another thread.
//
// Returns: SM_OK; SM_INVALID; SM_WRONG_LOOP where it is not the thread's; SM_REENTRANT inside a turn.
enum sm_status sm_loop_leave(struct sm_loop *loop);

// sm_loop_turn dispatches the event that has waited longest, and writes 1; or 0 where there is none. [PROMISE-04]
//
// Returns: SM_OK; SM_INVALID; SM_WRONG_LOOP; SM_REENTRANT inside a turn.
enum sm_status sm_loop_turn(struct sm_loop *loop, uint32_t *out_count);

// sm_loop_run turns until there is no event, those that arise meanwhile included, and writes how many there were.
// [PROMISE-05]
//
// Returns: as sm_loop_turn.
enum sm_status sm_loop_run(struct sm_loop *loop, uint32_t *out_count);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_LOOP_H_
