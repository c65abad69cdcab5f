// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What a language binding makes of a future<T>: values that are lowered into a buffer and lifted out of it, by
// operations that can be polled, cancelled and dropped, with nothing lost on the way.
//
//     struct sm_typed_writer *writer;
//     struct sm_typed_reader *reader;
//     sm_typed_create(&answers, &writer, &reader);
//
//     struct sm_typed_write *write;
//     sm_typed_write(writer, answer, &write);                         // writer and answer are the operation's
//     switch (sm_typed_write_poll(write, waker, &poll, &answer)) {
//     case SM_OK: ...                                                 // ready: the reader has it; pending: woken later
//     case SM_CLOSED: ...                                             // the reader is gone: the answer is ours again
//     }
//     sm_typed_write_drop(write);
//
// Which calls may run at once: any on the writer or its write with any on the reader or its read; of one side, none.
//
// Order: for threads X and Y, what X did before it first polled a write is visible to Y after Y's read was READY.
// Progress: lock-free, beside the allocations of create, write and read.
// Foreign code: the type's functions and the members of wakers are called on the thread of the operation, with nothing
//   held. They may use all but the operation that calls them.
// Memory: a side is 16 bytes beside its end (oneshot_end.h), an operation 32 with its buffer behind it. No poll
//   allocates.
//
// Implementation: all of it is done with what oneshot_end.h offers. An operation's buffer is its own and is allocated
//   with it, so that a poll cannot fail for want of it. A writer that is dropped unwritten forsakes its end: the reader
//   that is told DROPPED makes the default itself, whenever it reads, and a drop never has to wait or to allocate.
#ifndef SLOTMARK_REFERENCE_ONESHOT_TYPED_H_
#define SLOTMARK_REFERENCE_ONESHOT_TYPED_H_

#include <stdint.h>

#include "status.h"
#include "waker.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SM_PAYLOAD_DEFINED
#define SM_PAYLOAD_DEFINED
// sm_payload_type says how values of one type cross: lowered into a buffer, lifted out of it.
//
// Ownership: whoever made the record; it outlives every object that was created with it.
// Threads: all functions may be called at once, on any thread, for different values.
struct sm_payload_type {
    uint32_t size;         // sizeof(struct sm_payload_type) as the caller compiled it
    uint32_t buffer_size;  // bytes of a lowered value; may be 0
    uint32_t buffer_align; // a power of two, at most 4096
    uint32_t reserved;     // 0
    void *context;         // handed to all functions unchanged

    // lower moves `value` into the writer's buffer. What it allocates beside (the canonical ABI's lists) belongs to
    // that buffer: the bytes alone cross.
    void (*lower)(void *context, void *value, void *buffer);
    // lift moves a value out of a buffer: of the writer's, one that came back, with what lower allocated; of the
    // reader's, the bytes that arrived.
    void *(*lift)(void *context, void *buffer);
    // free_lists frees what lower allocated for a value that has gone to the other side.
    void (*free_lists)(void *context, void *buffer);
    // drop destroys a value that nobody took.
    void (*drop)(void *context, void *value);
    // make_default makes the value that is written where the writer is dropped without having written.
    void *(*make_default)(void *context);
    // ABI 1 ends here
};

// sm_write_end is what became of a write that was cancelled.
enum sm_write_end {
    SM_WRITE_SENT = 1,     // too late: the reader has the value
    SM_WRITE_DROPPED = 2,  // the reader is gone: the value comes back
    SM_WRITE_CANCELLED = 3 // the value comes back, and the writer with it
};
#endif // SM_PAYLOAD_DEFINED

// The two sides of a pair, and an operation of either.
struct sm_typed_writer;
struct sm_typed_reader;
struct sm_typed_write;
struct sm_typed_read;

// sm_typed_create makes a pair for values of `type`.
//
// Ownership: both sides are the caller's; `type` outlives them.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_typed_create(const struct sm_payload_type *type, struct sm_typed_writer **out_writer,
                               struct sm_typed_reader **out_reader);

// sm_typed_drop_writer gives up unwritten: a reader that reads gets the type's default, made once, on its own thread.
// NULL is fine and does nothing. [ONESHOT-66]
void sm_typed_drop_writer(struct sm_typed_writer *writer);

// sm_typed_drop_reader gives up: a write under way comes to SM_CLOSED. NULL is fine and does nothing. [ONESHOT-62]
void sm_typed_drop_reader(struct sm_typed_reader *reader);

// sm_typed_write and sm_typed_read make an operation that does nothing before it is polled. [ONESHOT-60]
//
// Ownership: on success the side, and the value, are the operation's.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_typed_write(struct sm_typed_writer *writer, void *value, struct sm_typed_write **out_write);
enum sm_status sm_typed_read(struct sm_typed_reader *reader, struct sm_typed_read **out_read);

// sm_typed_write_poll goes on with a write, and keeps a clone of `waker` where it is pending. READY: the reader has the
// value. [ONESHOT-61, 62]
//
// Returns: SM_OK; SM_CLOSED: the reader is gone and *out_value is the value, the caller's again; SM_COMPLETED after
//   READY, SM_CLOSED and cancel; SM_NO_MEMORY where the waker could not be cloned: the write goes on without it;
//   SM_INVALID.
enum sm_status sm_typed_write_poll(struct sm_typed_write *write, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value);

// sm_typed_write_cancel ends a write: *out_end says how, *out_value is set where the value comes back, *out_writer
// where the writer does, which has its default delivered still when it is dropped. [ONESHOT-63, 64]
//
// Returns: SM_OK; SM_COMPLETED where the write has ended; SM_INVALID.
enum sm_status sm_typed_write_cancel(struct sm_typed_write *write, enum sm_write_end *out_end, void **out_value,
                                     struct sm_typed_writer **out_writer);

// sm_typed_write_drop frees a write; one that has not ended is cancelled first, and value and writer are dropped. NULL
// is fine and does nothing. [ONESHOT-67]
void sm_typed_write_drop(struct sm_typed_write *write);

// sm_typed_read_poll goes on with a read, and keeps a clone of `waker` where it is pending. READY: *out_value is the
// caller's. [ONESHOT-61, 66]
//
// Returns: SM_OK; SM_COMPLETED after READY and cancel; SM_NO_MEMORY where the waker could not be cloned: the read goes
//   on without it; SM_INVALID.
enum sm_status sm_typed_read_poll(struct sm_typed_read *read, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value);

// sm_typed_read_cancel ends a read. READY: too late, *out_value is the caller's; PENDING: *out_reader is, to read
// again. [ONESHOT-65]
//
// Returns: SM_OK; SM_COMPLETED where the read has ended; SM_INVALID.
enum sm_status sm_typed_read_cancel(struct sm_typed_read *read, enum sm_poll *out_poll, void **out_value,
                                    struct sm_typed_reader **out_reader);

// sm_typed_read_drop frees a read; one that has not ended is cancelled first, and value or reader is dropped. NULL is
// fine and does nothing. [ONESHOT-67]
void sm_typed_read_drop(struct sm_typed_read *read);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_ONESHOT_TYPED_H_
