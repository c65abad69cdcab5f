// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The two ends of a future<T> as the canonical ABI has them: a read and a write of one element meet, whichever comes
// first, and each is told by a word how it went. A set tells the words of many ends in one place.
//
//     struct sm_oneshot_end *reader, *writer;
//     sm_oneshot_end_create(sizeof answer, _Alignof(struct answer), &reader, &writer);
//
//     sm_oneshot_end_read(reader, &answer, &word);                    // BLOCKED: `answer` is the operation's
//     ...
//     sm_oneshot_end_poll(reader, waker, &word);                      // COMPLETED: `answer` is written, and ours again
//     sm_oneshot_end_drop(reader);
//
// Which calls may run at once: any on one end with any on the other; on one end, none. A set belongs to one thread at a
//   time, with the ends that are in it; the other ends may be on any.
//
// Order: for threads X and Y, what X did before it wrote is visible to Y after Y was told COMPLETED. What the reader's
//   thread did before it dropped its end is visible to the writer's that was told DROPPED.
// Progress: lock-free, beside the allocations of create, transfer, set_create, set_join and set_poll.
// Memory: a pair of ends is one block of 144 bytes and the element; a reader that was moved takes 48 more. A set is 24
//   bytes with what its ready queue and waker cell take, and a member a task (task.h). No read, write, poll or wake of
//   an end allocates; set_poll may, to keep a waker.
// Foreign code: the members of wakers are called last, with nothing held; the clone comes before it is kept, and may do
//   all but give up the end or the set that is polled.
//
// Implementation: a rendezvous (rendezvous.h) of the phases
//
//     OPEN -> READING    a read is parked             READING, WRITING -> OPEN   it was cancelled
//     OPEN -> WRITING    a write is                   READING, WRITING -> MET    the other side came: both COMPLETED
//     OPEN, WRITING -> DROPPED   the reader is gone
//     OPEN, READING -> FORSAKEN  the writer is gone, and has not written
//
//   Whose operation is parked waits. The element crosses through the pair: the writer puts it there before it steps,
//   the reader takes it out when its word is delivered. So each side touches its own buffer alone, on its own thread,
//   and a cancel never meets a copy that is under way: the price is a second copy of the element.
//   A member of a set has a task (task.h), which is what its operation's waker wakes, and the set is their ready queue,
//   whose notify wakes the waker that the set keeps.
#ifndef SLOTMARK_REFERENCE_ONESHOT_END_H_
#define SLOTMARK_REFERENCE_ONESHOT_END_H_

#include <stdint.h>

#include "status.h"
#include "waker.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SM_WORD_DEFINED
#define SM_WORD_DEFINED
// SM_WORD_*: how a read or a write went, as the canonical ABI puts it into 32 bits. The count in the upper bits, which
// streams have, is always 0.
#define SM_WORD_COMPLETED 0u
#define SM_WORD_DROPPED   1u          // the other end was dropped
#define SM_WORD_CANCELLED 2u          // this end cancelled
#define SM_WORD_BLOCKED   0xFFFFFFFFu // not yet: the buffer is the operation's until its event has been delivered

// sm_event is what a set tells of one of its members. SM_EVENT_*: its code, as the canonical ABI numbers them.
#define SM_EVENT_READ  4u
#define SM_EVENT_WRITE 5u
struct sm_event {
    uint32_t code;
    uint32_t word; // SM_WORD_*, never SM_WORD_BLOCKED
    void *token;   // that the end joined the set with
};
#endif // SM_WORD_DEFINED

// sm_oneshot_end is one end of a pair.
struct sm_oneshot_end;

// sm_oneshot_end_create makes two ends for an element of `size` bytes, which may be 0.
//
// Ownership: both ends are the caller's, each to be dropped.
// Returns: SM_OK; SM_NO_MEMORY; SM_INVALID, also for an alignment that is no power of two up to 4096. [ONESHOT-37]
enum sm_status sm_oneshot_end_create(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
                                     struct sm_oneshot_end **out_writer);

// sm_oneshot_end_read and sm_oneshot_end_write begin an operation. Where the word is SM_WORD_BLOCKED the buffer stays
// with the operation, and the end is busy, until poll, set_poll or cancel has delivered the word that ends it; after
// any other word it is not touched again. The buffer of a read has been written where the word is SM_WORD_COMPLETED.
// [ONESHOT-20 to 22, 25]
//
// Returns: SM_OK; SM_BUSY while an operation is undelivered [ONESHOT-26]; SM_COMPLETED after one has been delivered as
//   COMPLETED or DROPPED [ONESHOT-27]; SM_WRONG_END; SM_MOVED; SM_INVALID.
enum sm_status sm_oneshot_end_read(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word);
enum sm_status sm_oneshot_end_write(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word);

// sm_oneshot_end_poll delivers the operation's word, or SM_WORD_BLOCKED with a clone of `waker` kept to be woken once,
// in place of the one that was there. A NULL waker keeps none and drops the one that was there. [ONESHOT-33, 34]
//
// Returns: SM_OK; SM_IDLE where no operation is undelivered; SM_JOINED where a set tells the event; SM_NO_MEMORY;
//   SM_MOVED; SM_INVALID.
enum sm_status sm_oneshot_end_poll(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word);

// sm_oneshot_end_cancel ends the operation and delivers its word: the one that it had already, or SM_WORD_CANCELLED,
// after which the end may be used anew. Never SM_WORD_BLOCKED. [ONESHOT-28 to 30]
//
// Returns: SM_OK; SM_IDLE; SM_JOINED while the end is in a set; SM_MOVED; SM_INVALID.
enum sm_status sm_oneshot_end_cancel(struct sm_oneshot_end *end, uint32_t *out_word);

// sm_oneshot_end_transfer moves an idle reader to a new object. The old one is SM_MOVED to all but drop. [ONESHOT-32]
//
// Returns: SM_OK; SM_BUSY; SM_JOINED; SM_COMPLETED; SM_WRONG_END; SM_MOVED; SM_NO_MEMORY; SM_INVALID.
enum sm_status sm_oneshot_end_transfer(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader);

// sm_oneshot_end_drop gives an end up: it leaves its set, the other end is told. NULL is fine and does nothing.
// [ONESHOT-23, 24, 31]
//
// Returns: SM_OK; SM_BUSY while an operation is undelivered; SM_UNWRITTEN for a writer that has neither written nor
//   been told SM_WORD_DROPPED: it is still to be written. Nothing is done then.
enum sm_status sm_oneshot_end_drop(struct sm_oneshot_end *end);

// sm_oneshot_end_forsake drops a writer that is idle, and unwritten, all the same: the reader is told SM_WORD_DROPPED.
// The canonical ABI has no such thing; oneshot_typed.h makes a default of it.
//
// Returns: SM_OK; SM_BUSY; SM_WRONG_END; SM_MOVED; SM_INVALID.
enum sm_status sm_oneshot_end_forsake(struct sm_oneshot_end *writer);

// sm_oneshot_set is a set of ends.
struct sm_oneshot_set;

// sm_oneshot_set_create makes a set of ends whose events are taken in one place; sm_oneshot_set_destroy frees it. NULL
// is fine and does nothing. [ONESHOT-46]
//
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY; SM_BUSY from destroy where the set has members or keeps a waker.
enum sm_status sm_oneshot_set_create(struct sm_oneshot_set **out_set);
enum sm_status sm_oneshot_set_destroy(struct sm_oneshot_set *set);

// sm_oneshot_set_join puts an end into a set, from where it was, with its undelivered event; NULL takes it out of its
// set. [ONESHOT-42, 43]
//
// Returns: SM_OK; SM_BUSY where sm_oneshot_end_poll keeps a waker for it [ONESHOT-45]; SM_MOVED; SM_INVALID;
//   SM_NO_MEMORY.
enum sm_status sm_oneshot_set_join(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token);

// sm_oneshot_set_poll delivers one event of a member, or keeps a clone of `waker` as sm_oneshot_end_poll does. Of
// members that are ready, each is told within as many calls as there are members. [ONESHOT-40, 41, 44]
//
// Returns: SM_OK; SM_EMPTY, with nothing written; SM_NO_MEMORY; SM_INVALID.
enum sm_status sm_oneshot_set_poll(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                   struct sm_event *out_event);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_ONESHOT_END_H_
