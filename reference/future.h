// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A future is boxed: its state lies in memory of the library's, and a host that knows nothing of it polls it through
// one thin pointer.
//
//     static const struct sm_future_vtable countdown = {sizeof(int), _Alignof(int), countdown_poll, countdown_drop};
//     int from = 3;
//     const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &countdown, &from};
//
//     struct sm_future *future;
//     if (sm_future_create(&source, &future) == SM_OK) { ... }     // `from` was copied in
//     sm_future_poll(future, &waker, &found, &value);              // once; the host decides when again
//     sm_future_destroy(future);                                   // at whatever point it stands
//
// Which calls may run at once on one future: none. Calls on different threads are ordered by the caller, and so the
// future has no atomics to spend. A handle that was moved from counts as another object: it can be destroyed at any
// time.
// Order: for threads X and Y, what X did before a poll or move returned is visible to Y in the next call on that
//   future, provided the caller ordered the two.
// Foreign code: poll and drop of the vtable run on the calling thread with no lock held, and may create, poll and
//   destroy other futures. From inside its own poll or drop, a future is refused with SM_REENTRANT.
// Progress: as the future's own poll; nothing here waits.
#ifndef SLOTMARK_REFERENCE_FUTURE_H_
#define SLOTMARK_REFERENCE_FUTURE_H_

#include <stddef.h>
#include <stdint.h>

#include "status.h"
#include "value.h"
#include "waker.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SM_FUTURE_SOURCE_DEFINED
#define SM_FUTURE_SOURCE_DEFINED
// SM_FORM_*: on which threads a future may be polled and destroyed.
enum sm_form {
    SM_FORM_SENDABLE = 1, // on any thread, one at a time
    SM_FORM_LOCAL = 2     // on the thread that created it
};

// sm_future_vtable is the code of a future. The library calls it; the caller of create wrote it.
//
// Threads: as the form of the future says; never two at once for one state.
struct sm_future_vtable {
    size_t size;  // bytes of the state; may be 0
    size_t align; // alignment of the state, a power of two, at most 4096

    // poll runs the future once. `waker` is lent for the call; clone it to keep it. It is never NULL.
    // Returns: SM_OK with *out_poll, and with *out_value where that is SM_POLL_READY; SM_FAILED with an error value in
    //   *out_value; SM_FAULT with nothing. After READY, FAILED or FAULT the future has completed.
    enum sm_status (*poll)(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value);

    // drop destroys the state in place. The bytes are the library's to free.
    void (*drop)(void *state);
};

// sm_future_source describes a future to be boxed.
struct sm_future_source {
    uint32_t size; // sizeof(struct sm_future_source) as the caller compiled it
    uint32_t form; // enum sm_form
    const struct sm_future_vtable *vtable;
    const void *state; // `vtable->size` bytes that are moved into the box; may be NULL where that is 0
    // ABI 1 ends here
};
#endif // SM_FUTURE_SOURCE_DEFINED

// sm_future is the handle of a boxed future.
struct sm_future;

// sm_future_create boxes a future: `source->state` is moved into memory of the library's, aligned as its vtable asks.
// The future is not polled. Handle and state take one allocation. [FUTURE-02, 03, 24]
//
// Ownership: on success the handle is the caller's, to destroy; `source` may go; its vtable outlives the future.
// Returns: SM_OK; SM_NO_MEMORY; SM_INVALID, also for a source of no known form, of an alignment that is no power of two
//   up to 4096, or with a size and no state.
enum sm_status sm_future_create(const struct sm_future_source *source, struct sm_future **out_future);

// sm_future_ready makes a SENDABLE future whose first poll gives `value`. [FUTURE-18, 25]
//
// Ownership: on success the value is the future's, to be polled out or dropped by `type` with it. `type` outlives it.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_future_ready(const struct sm_value_type *type, void *value, struct sm_future **out_future);

// sm_future_poll polls the future exactly once, lending it `waker`, or a waker that does nothing where that is NULL.
// [FUTURE-09, 10, 11, 13, 14]
//
// Ownership: on READY, and on SM_FAILED, *out_value is the caller's. The waker stays the caller's.
// Returns: SM_OK; SM_FAILED; SM_FAULT, also for any other status of the future's poll; SM_INVALID; SM_MOVED;
//   SM_COMPLETED after READY, FAILED or FAULT, and the future is not run again; SM_WRONG_THREAD for a LOCAL future off
//   the thread that created it (a thread that starts when that one has ended may pass for it); SM_REENTRANT. [FUTURE-15
//   to 20]
enum sm_status sm_future_poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                              void **out_value);

// sm_future_destroy drops the future on this thread, at whatever point it stands, once, and frees the handle. NULL is
// fine and does nothing. [FUTURE-04, 05, 06, 35]
//
// Returns: SM_OK; SM_WRONG_THREAD and SM_REENTRANT as sm_future_poll, with nothing done.
enum sm_status sm_future_destroy(struct sm_future *future);

// sm_future_move moves the future to a new handle. The old one is empty: it polls, moves and lays out as SM_MOVED, and
// is still to be destroyed. The state keeps its address. [FUTURE-22]
//
// Threads: any, for a LOCAL future too: nothing of it is run. May be called from inside the future's own poll.
// Returns: SM_OK; SM_INVALID; SM_NO_MEMORY; SM_MOVED; SM_REENTRANT from inside the future's own drop.
enum sm_status sm_future_move(struct sm_future *future, struct sm_future **out_future);

// sm_future_layout writes size and alignment of the boxed state, as its vtable gave them. [FUTURE-23]
//
// Returns: SM_OK, SM_INVALID, SM_MOVED.
enum sm_status sm_future_layout(const struct sm_future *future, size_t *out_size, size_t *out_align);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_FUTURE_H_
