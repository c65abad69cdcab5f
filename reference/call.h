// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A call is a future that a host of another language drives: the host polls with a continuation, is told once whether
// to poll again or to fetch the result, and fetches it.
//
//     static void resume(void *data, enum sm_call_code code) { ... }  // tells the host's event loop
//
//     struct sm_call *call;
//     if (sm_call_create(&source, &greetings, &call) == SM_OK) { ... }
//     sm_call_poll(call, resume, task);                // resume(task, SM_CALL_WAKE): poll again
//     sm_call_poll(call, resume, task);                // resume(task, SM_CALL_READY): complete
//     if (sm_call_complete(call, &greeting) == SM_OK) ...
//     sm_call_destroy(call);
//
// Which calls may run at once on one call (x: yes):
//
//                 poll  cancel  complete  wakes  destroy
//     poll         x      x        x        x
//     cancel       x      x        x        x
//     complete     x      x        x        x
//     wakes        x      x        x        x       x      (clone, wake, wake_by_ref, drop of the future's waker)
//     destroy                               x
//
// Order: for threads X and Y, what X did before a wake is visible to the next poll of the future, on Y; and what X did
//   in a poll of the future is visible to Y in the next poll, in complete and in the drop. [CALL-37]
// Foreign code: the future's poll and drop, the drop of its result and continuations run on the thread of the operation
//   that needs them, with no lock held. A continuation is told last, when its operation has done everything else: from
//   inside one, every operation on the call works, destroy included. [CALL-26] From inside the future's own poll or
//   drop, poll and destroy are refused with SM_BUSY.
// Progress: lock-free, the future's own poll and drop apart; a wake is lock-free without exception, and no operation
//   waits for another. [CALL-36]
// Memory: 40 bytes a call, and the future's state, in one block. It is allocated by create, and nothing else allocates.
//   Wakers that outlive the call keep it. With it there are at most 2^31 - 1; a clone beyond is SM_NO_MEMORY.
//
// Implementation: everything is decided by one word of seven bits.
//
//     POLLING    a thread has the future, the continuation's place and the result for itself
//     WAITING    a continuation waits to be told
//     TAKING     a wake has taken that continuation and is reading it; it waits no more, but its place is not free yet.
//                The only waker that there is, used up by its wake, reads it before, and has no need of this
//     WAKED      a wake came that no poll has begun after
//     CANCELLED  cancel has been called
//     RESULT     the future has ended, and its result waits for complete
//     OVER       complete or destroy has been called
//
//     UniFFI's scheduler is Empty (none of WAITING, WAKED), Waked, Set (WAITING) and Cancelled:
//
//                     poll found PENDING                 wake                       cancel, complete, destroy
//       Empty         -> Set                             -> Waked                   -> Cancelled
//       Waked         -> Empty, told WAKE                -> Waked                   -> Cancelled
//       Set           (refused: SM_BUSY)                 -> Empty, told WAKE        -> Cancelled, told READY
//       Cancelled     told READY                         nothing                    nothing
//
//     One thing differs: a poll that begins clears WAKED, since it comes after the wake. In UniFFI a wake between two
//     polls costs one poll more.
//
//     What lies beside the word is written by the thread that set POLLING, and read by the one that cleared WAITING;
//     while WAITING, TAKING or RESULT is set nobody gets POLLING but to end the call. So two polls at once: one
//     compare-exchange sets POLLING and the other finds it set. The other transitions never wait for POLLING: they
//     leave a bit, and the thread that has it looks at the word again before it gives it up:
//
//       poll || wake     The wake finds POLLING and leaves WAKED: the exchange of the poll to WAITING fails, sees
//                        WAKED, and the poll tells WAKE. Or it finds WAITING, takes the continuation, and tells WAKE
//                        itself.
//       poll || cancel   Cancel finds POLLING and leaves CANCELLED: the poll drops the future on its way out and tells
//                        READY. Or it finds WAITING, takes the continuation, drops the future, and tells READY itself.
//       wake || cancel   WAITING is cleared by one exchange, and whoever made it tells: WAKE or READY, never both.
//
//     Each poll puts its continuation in the word's keeping at most once, and each exchange that clears WAITING tells
//     it: exactly one invocation, whatever the order. [CALL-04, 33]
#ifndef SLOTMARK_REFERENCE_CALL_H_
#define SLOTMARK_REFERENCE_CALL_H_

#include "future.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SM_CALL_DEFINED
#define SM_CALL_DEFINED
// sm_continuation is told once for each poll. SM_CALL_READY: complete may be called now. SM_CALL_WAKE: poll again.
enum sm_call_code { SM_CALL_READY = 0, SM_CALL_WAKE = 1 };
typedef void (*sm_continuation)(void *data, enum sm_call_code code);
#endif // SM_CALL_DEFINED

// sm_call is a call.
struct sm_call;

// sm_call_create boxes a SENDABLE future to be called. It is not polled. [CALL-01, 02, 03]
//
// Ownership: on success the call is the caller's, to destroy; `source` may go; its vtable, and `type`, which has the
//   drop of its value and error, outlive the call.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_call_create(const struct sm_future_source *source, const struct sm_value_type *type,
                              struct sm_call **out_call);

// sm_call_poll polls the future, unless the call has ended or is cancelled, and has `continuation` called with `data`
// exactly once: in the call or later, on any thread. A future that ends is dropped at once. [CALL-04 to 11]
//
// Returns: SM_OK; SM_BUSY where a continuation waits, or a thread, this one included, is inside the future;
//   SM_INVALID. The continuation is called for SM_OK only.
enum sm_status sm_call_poll(struct sm_call *call, sm_continuation continuation, void *data);

// sm_call_cancel ends the call: the future is dropped, a continuation that waits is told SM_CALL_READY, and every later
// poll too. Where a thread is inside the future's poll, that poll drops the future when it comes out, and is the one
// that is told SM_CALL_READY. A result that is there, or that the poll under way brings, stays. Cancelling again does
// nothing. [CALL-12 to 16]
//
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_call_cancel(struct sm_call *call);

// sm_call_complete takes the result. Where there is none it ends the call as sm_call_cancel does, and a poll under way
// drops a result that it brings. It does not wait. [CALL-17 to 21]
//
// Returns: SM_OK with a value; SM_FAILED with an error in *out_value; SM_FAULT; SM_CANCELLED where there is no result;
//   SM_COMPLETED after complete; SM_INVALID.
enum sm_status sm_call_complete(struct sm_call *call, void **out_value);

// sm_call_destroy cancels, drops future and result before it returns, and frees the call, or leaves that to its last
// waker. A continuation that a wake has taken meanwhile may be told after destroy returned. NULL is fine and does
// nothing. [CALL-22, 23, 24]
//
// Returns: SM_OK; SM_BUSY inside the future's own poll or drop, with nothing done. [CALL-31]
enum sm_status sm_call_destroy(struct sm_call *call);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_CALL_H_
