// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A foreign call is an asynchronous method of the host's that the library waits for. The host is given a token, and
// completes the call by it, once, from any thread.
//
//     static void start(void *service, uint64_t token) { ... }    // begins; somebody completes `token` later
//     static const struct sm_foreign_method fetch = {sizeof fetch, &service, start, NULL};
//
//     struct sm_foreign *foreign;
//     if (sm_foreign_call(&fetch, &pages, &foreign) == SM_OK) { ... }
//     sm_foreign_poll(foreign, &waker, &found, &page);   // SM_POLL_PENDING: the waker is woken when it is worth while
//     sm_foreign_complete(token, SM_OK, page);           // by the host, on any thread
//     sm_foreign_poll(foreign, &waker, &found, &page);   // SM_POLL_READY
//     sm_foreign_destroy(foreign);                       // or before: the token stays good for one completion
//
// Which calls may run at once: complete with everything, for one token too; poll and destroy of one foreign call with
//   completions only.
// Order: for threads X and Y, what X did before it completed is visible to Y after poll gave the result. [CALL-59]
// Foreign code: start and dropped, the waker's members and the drop of a late value are called with no lock held, on
//   the thread of the operation that needs them. A waker is the last thing that complete calls. The clone of one comes
//   before it is kept, and may do all but destroy the call that is polled.
// Progress: lock-free: poll, destroy, and complete apart from the token's table (handle.h), are wait-free. Nothing
//   waits for anything else. [CALL-36]
// Memory: 64 bytes a call, allocated by sm_foreign_call, and one entry of the table of tokens (handle.h), which may
//   grow. Both go with the later of completion and destroy, so a token that is never completed keeps them. No other
//   operation allocates.
//
// Implementation: one table of handles serves the process, for a token is all that a completion brings. It is made by
//   the first call, and never freed: completions may come from threads that run until the process ends. Of calls that
//   make it at once, the compare-exchange of one publishes its table, and the others destroy theirs. The table is what
//   makes tokens safe: acquire pins the call, so that nothing that a completion touches is freed under it; of removes
//   of one token one succeeds, and that is the completion which counts. [CALL-47, 48, 57]
//
//     The call is one word. The waker lies beside it, and is the waiter's while EMPTY, and of whoever ends WAITING:
//
//                   poll                            complete                      destroy
//       EMPTY       -> WAITING, keeping a waker     -> DONE                       -> GONE
//       WAITING     -> EMPTY, and from there        -> DONE, wakes the waker      -> GONE, drops the waker
//       DONE        -> TAKEN, gives the result                                    -> GONE, drops the result
//       TAKEN       SM_COMPLETED                                                  -> GONE
//       GONE                                        drops the value
//
//     complete and destroy are one exchange each, so the second of the two finds what the first has left: the result
//     or GONE. poll || complete: the compare-exchange to WAITING fails on DONE, and poll takes the result itself.
#ifndef SLOTMARK_REFERENCE_FOREIGN_H_
#define SLOTMARK_REFERENCE_FOREIGN_H_

#include <stdint.h>

#include "status.h"
#include "value.h"
#include "waker.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SM_FOREIGN_DEFINED
#define SM_FOREIGN_DEFINED
// sm_foreign_method is an asynchronous method of the host's.
struct sm_foreign_method {
    uint32_t size; // sizeof(struct sm_foreign_method) as the caller compiled it
    void *context; // handed to both functions unchanged

    // start begins the call. It, or anybody after it has been entered, completes `token` once, on any thread.
    void (*start)(void *context, uint64_t token);
    // dropped (optional) says that the result is wanted no more, or has been had: exactly once for each start, after
    // start has returned, and before foreign_destroy returns. `token` may have been used.
    void (*dropped)(void *context, uint64_t token);
    // ABI 1 ends here
};
#endif // SM_FOREIGN_DEFINED

// sm_foreign is a foreign call, to the side that waits.
struct sm_foreign;

// sm_foreign_call calls a method of the host's: method->start, before it returns. [CALL-40, 41]
//
// Ownership: the foreign call is the caller's, to destroy; `method` and `type` outlive it and its token.
// Returns: SM_OK; SM_INVALID, SM_NO_MEMORY, SM_EXHAUSTED where no token can be had (handle.h): start has
//   not been called.
enum sm_status sm_foreign_call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                               struct sm_foreign **out_foreign);

// sm_foreign_complete ends a foreign call with SM_OK and a value, SM_FAILED and an error, SM_FAULT or SM_CANCELLED and
// neither. The token is used up. [CALL-42, 44, 47 to 50]
//
// Ownership: on SM_OK the value is the library's: delivered, or dropped here where nobody waits any more.
// Returns: SM_OK; SM_INVALID for token 0, or another status; SM_STALE for a token that has been used; SM_UNKNOWN for
//   one that was never issued: the value stays the caller's.
enum sm_status sm_foreign_complete(uint64_t token, enum sm_status status, void *value);

// sm_foreign_poll gives the result, once, or keeps a clone of `waker` in place of the one that was there. [CALL-42 to
// 46]
//
// Returns: SM_OK, PENDING or READY; SM_FAILED with an error; SM_FAULT; SM_CANCELLED; SM_COMPLETED after any of these;
//   SM_NO_MEMORY where the clone failed: the waker that was there is there still; SM_INVALID.
enum sm_status sm_foreign_poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                               void **out_value);

// sm_foreign_destroy gives up waiting, drops a result that nobody took, and calls `dropped`. NULL is fine and does
// nothing. [CALL-50, 51, 52]
void sm_foreign_destroy(struct sm_foreign *foreign);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_FOREIGN_H_
