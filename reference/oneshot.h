// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A channel for one value: a writer that gives it and is gone with it, and a reader that polls for it.
//
//     struct sm_oneshot_writer *writer;
//     struct sm_oneshot_reader *reader;
//     sm_oneshot_create(&answers, &writer, &reader);
//
//     sm_oneshot_write(writer, answer);                            // one thread; the writer is gone
//
//     switch (sm_oneshot_read(reader, waker, &poll, &answer)) {    // another
//     case SM_OK: ...                                              // ready: the answer is ours; pending: a wake comes
//     case SM_CLOSED: ...                                          // the writer was dropped
//     }
//     sm_oneshot_drop_reader(reader);
//
// Which calls may run at once on one channel: any on the writer with any on the reader; on one of the two, none.
//
// Order: for threads X and Y, what X did before it wrote, or dropped the writer, is visible to Y after Y was told so by
//   read. What the reader did before it closed or was dropped is visible to the writer that was told so. [ONESHOT-02]
// Progress: lock-free, the allocation of create excepted. write repeats its step only because the reader waits with
//   another waker.
// Memory: 64 bytes a channel, in one block. Only create allocates.
// Foreign code: the drop of a value and the members of wakers are called last, with nothing held; the clone of a waker
//   comes before it is kept, and may do all but give the reader up.
//
// Implementation: a rendezvous (rendezvous.h) of the phases
//
//     OPEN -> WRITTEN   by write                      the reader has it all: it frees
//     OPEN -> DROPPED   by drop_writer                the same
//     OPEN -> CLOSED    by close                      the writer can only go: CLOSED -> DROPPED
//     OPEN -> GONE, CLOSED -> GONE   by drop_reader   the writer frees
//
//   The reader waits in OPEN. Whoever finds the other gone frees the block; there is no count. All of it lies together:
//   it changes hands once, and a second line would be a second transfer.
#ifndef SLOTMARK_REFERENCE_ONESHOT_H_
#define SLOTMARK_REFERENCE_ONESHOT_H_

#include "value.h"
#include "waker.h"

#ifdef __cplusplus
extern "C" {
#endif

// sm_oneshot_writer and sm_oneshot_reader are the two sides of a channel.
struct sm_oneshot_writer;
struct sm_oneshot_reader;

// sm_oneshot_create makes a channel for one value of `type`.
//
// Ownership: both sides are the caller's; `type` outlives them.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_oneshot_create(const struct sm_value_type *type, struct sm_oneshot_writer **out_writer,
                                 struct sm_oneshot_reader **out_reader);

// sm_oneshot_write gives the value to the reader, wakes it, and frees the writer. [ONESHOT-01, 03]
//
// Returns: SM_OK: value and writer are gone; SM_CLOSED: the reader is gone or has closed, and both stay the caller's
//   [ONESHOT-05]; SM_INVALID.
enum sm_status sm_oneshot_write(struct sm_oneshot_writer *writer, void *value);

// sm_oneshot_drop_writer gives up without a value: the reader is woken, and told so. NULL is fine and does nothing.
// [ONESHOT-04]
void sm_oneshot_drop_writer(struct sm_oneshot_writer *writer);

// sm_oneshot_read takes the value, or keeps a clone of `waker` to be woken once, in place of the one that was there. A
// NULL waker looks without registering. [ONESHOT-01, 07 to 09]
//
// Ownership: `waker` is borrowed for the call. On READY the value is the caller's.
// Returns: SM_OK, PENDING or READY; SM_CLOSED where no value came or will come; SM_COMPLETED after READY or SM_CLOSED;
//   SM_NO_MEMORY where the clone failed, with what was registered kept; SM_INVALID.
enum sm_status sm_oneshot_read(struct sm_oneshot_reader *reader, const struct sm_waker *waker, enum sm_poll *out_poll,
                               void **out_value);

// sm_oneshot_drop_reader gives up: a value that is there is dropped, and a later write is SM_CLOSED. NULL is fine and
// does nothing. [ONESHOT-06]
void sm_oneshot_drop_reader(struct sm_oneshot_reader *reader);

// sm_oneshot_close refuses what is not written yet; what is can be read still. [ONESHOT-12]
//
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_oneshot_close(struct sm_oneshot_reader *reader);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_ONESHOT_H_
