// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Who borrows what, told by plain stores: hazard pointers whose readers never register and pay no locked operation.
// Internal: handle.c is built on it.
//
// A thread that borrows a thing keeps its name, a number other than 0, in a record of its own; whoever wants to know
// whether the thing is borrowed reads the records. The first borrow of a thread takes a record, and the thread's end
// gives it back.
//
// Order: for threads X and Y and a word that both know, let each do two steps, in this order:
//
//     X: sm_borrow_enter(name), then a seq_cst load of the word
//     Y: a seq_cst write of the word, then sm_borrow_is_over(name)
//
//   Either X's load sees what Y wrote, or Y is told that the name is borrowed. With sm_borrow_leave in the place of
//   sm_borrow_enter: either X's load sees it, or the borrow that X left is over for Y. In the place of Y's write, a
//   seq_cst load that saw it does. And what X did before it left is visible to Y once Y was told that nobody borrows.
// Progress: enter and leave are wait-free. is_over waits for no borrower; it may ask the kernel for a barrier.
// Memory: SM_BORROWERS records of 128 bytes each, static.
//
// Implementation: each line above is a store and a load of something else, which processors and compilers reorder: both
//   need a full barrier between the two. A borrower is to go without, so Y has one for both: membarrier(2) runs a full
//   barrier on every processor that runs a thread of this process, at some point of that thread's program order; one
//   that does not run has had its barrier when it was switched away. X's store lies before that point, and then Y,
//   which reads the records after, sees it; or both of X's steps lie after, and then its load sees Y's write, which
//   came before. To the compiler X's order is told by a signal fence. Where no other thread has a record, nobody is
//   asked: a record is taken by a seq_cst exchange, so a thread that took it after Y looked has that exchange before
//   its load, and Y's look has the write before it.
//
//   C11 has no such barrier, and neither ThreadSanitizer nor the explorer knows it. So a build with -fsanitize=thread
//   has seq_cst stores instead, and no barrier: the four steps are then in one order, where Y's look comes before a
//   store that it does not see, and after Y's write; so X's load, after that store, sees the write. What the tools see
//   is every operation, in C11's own words, and no annotation that would have to be believed. It is also the build for
//   systems without membarrier.
//
//   The read side of liburcu, whose flavour bp takes threads that never registered, would do for borrowers, at three
//   times the price from a shared object. But what it tells the other side is that all borrows which were there have
//   ended, of whatever: one that stands still keeps every object that is removed, and nobody is told unless it blocks,
//   which inside of a borrow is for ever, or has a thread for it. Here Y asks about one name and is answered at once:
//   the last user of an object is known, and drops it.
#ifndef SLOTMARK_REFERENCE_BORROW_H_
#define SLOTMARK_REFERENCE_BORROW_H_

#ifndef __cplusplus // which has no _Atomic, and no use for this

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel.h"
#include "thread_local.h"

#pragma GCC visibility push(hidden)

// SM_BORROW_SYMMETRIC is 1 where borrowers have barriers of their own.
#if SM_KERNEL_LINUX
#define SM_BORROW_SYMMETRIC 0
#define SM_BORROW_ORDER     memory_order_release
#else
#define SM_BORROW_SYMMETRIC 1
#define SM_BORROW_ORDER     memory_order_seq_cst
#endif

// SM_BORROWERS is how many threads can have a record at once, SM_BORROWS how many borrows each.
#define SM_BORROWERS 256
#define SM_BORROWS   7

// sm_borrower is a thread's record, which that thread alone writes. Each borrow goes into the first place that is free:
// no count is kept, through which one borrow would have to wait for the one before. Two lines: processors fetch them in
// pairs.
struct sm_borrower {
    _Alignas(128) _Atomic(uint64_t) names[SM_BORROWS]; // 0: nothing
    _Atomic(uint64_t) taken;                           // 1: a thread has it
    void *things[SM_BORROWS];                          // what has the name, the thread's to know
};

// sm_borrower_own is this thread's record; NULL where it has none.
extern SM_THREAD_LOCAL struct sm_borrower *sm_borrower_own;

// sm_borrow_offer makes ready what is_over needs. Returns 0 where this system does not have it: nobody may enter then.
int sm_borrow_offer(void);

// sm_borrower_enlist takes a record for this thread. Returns 0 where it has one, or none is free.
int sm_borrower_enlist(void);

// sm_borrow_is_over returns 1 where nobody borrows the name; 0 where somebody does, or where it cannot be known.
int sm_borrow_is_over(uint64_t name);

// sm_borrow_enter notes a borrow of the thing that has the name. Returns 0 with nothing done where there is no room.
static inline int sm_borrow_enter(uint64_t name, void *thing) {
    struct sm_borrower *own = sm_borrower_own;
    for (unsigned i = 0; i < SM_BORROWS && __builtin_expect(own != NULL, 1); i++) {
        if (atomic_load_explicit(&own->names[i], memory_order_relaxed) == 0) { // relaxed: this thread's own store
            own->things[i] = thing;
            atomic_store_explicit(&own->names[i], name, SM_BORROW_ORDER);
            atomic_signal_fence(memory_order_seq_cst); // X's half of the barrier
            return 1;
        }
    }
    return 0;
}

// sm_borrow_leave ends one borrow of the name that this thread entered. Returns the thing; NULL where it has none.
static inline void *sm_borrow_leave(uint64_t name) {
    struct sm_borrower *own = sm_borrower_own;
    for (unsigned i = 0; i < SM_BORROWS && __builtin_expect(own != NULL, 1); i++) {
        if (atomic_load_explicit(&own->names[i], memory_order_relaxed) == name) { // relaxed: this thread's own store
            // release: what was done with the object is visible to whoever finds the borrow over.
            atomic_store_explicit(&own->names[i], 0, SM_BORROW_ORDER);
            atomic_signal_fence(memory_order_seq_cst); // X's half of the barrier
            return own->things[i];
        }
    }
    return NULL;
}

#pragma GCC visibility pop

#endif // __cplusplus
#endif // SLOTMARK_REFERENCE_BORROW_H_
