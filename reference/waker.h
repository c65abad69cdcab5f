// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A waker is how a future tells its host that polling it again is worth while.
#ifndef SLOTMARK_REFERENCE_WAKER_H_
#define SLOTMARK_REFERENCE_WAKER_H_

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SM_WAKER_DEFINED
#define SM_WAKER_DEFINED
// sm_waker is a pair of a word and the four functions that understand it; whoever holds one owns one reference.
//
// Ownership: `clone` makes a second reference; `wake` and `drop` consume the one they are called on; `wake_by_ref` does
//   not.
// Threads: every member, on any thread, at once. Between a wake and the poll that it causes, what the waking thread did
//   before the wake is visible to the polling thread.
struct sm_waker {
    void *data;
    const struct sm_waker_vtable *vtable;
};

// sm_waker_vtable is the code behind a waker. Its members never poll a future on the caller's stack.
struct sm_waker_vtable {
    // clone writes a second waker for the same task.
    // Returns: SM_OK, or SM_NO_MEMORY with nothing written.
    enum sm_status (*clone)(const void *data, struct sm_waker *out_waker);
    // wake asks for the task to be polled again, and consumes the reference.
    void (*wake)(void *data);
    // wake_by_ref asks for the task to be polled again.
    void (*wake_by_ref)(const void *data);
    // drop gives the reference up.
    void (*drop)(void *data);
};
#endif // SM_WAKER_DEFINED

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_WAKER_H_
