// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Who borrows what, told by plain stores: hazard pointers whose readers pay no locked operation and never register.
// Internal: handle.c is built on it.
//
// A thread that borrows something keeps its name, a word other than 0, in a record of its own; whoever wants to know
// whether a thing is borrowed reads the records. The first borrow of a thread takes a record, and the thread's end
// gives it back.
//
// Order: for threads X and Y and a word that both know, each line is two steps in that order:
//
//     X: sm_borrow_enter(name), then a seq_cst load of the word
//     Y: a seq_cst write of the word, then sm_borrow_is_over(name)
//
//   Either X's load sees what Y wrote, or Y is told that the name is borrowed. With sm_borrow_leave in the place of
//   sm_borrow_enter: either X's load sees it, or Y is not kept by the borrow that X left. A seq_cst load of Y's that
//   saw the write does in the place of the write. And what X did before it left is visible to Y after it was told that
//   the borrow is over.
// Progress: enter and leave are wait-free. is_over never waits for a borrower; it may ask the kernel for a barrier.
// Memory: SM_BORROWERS records of 128 bytes each, static.
//
// Implementation: the two lines are the store-buffering pattern, and need a full barrier between the steps of each. A
//   borrower is to have none, so Y has it for both: membarrier(2) runs one on every processor that runs a thread of
//   this process. Where X's store and load lie around it, in program order, it is as if X had had the barrier; where
//   both lie before it, Y sees the store; where both lie after, X sees the write. For the compiler, X has a signal
//   fence. Where no other thread has a record nobody is asked: taking one is seq_cst, as are both words, so who takes
//   it after Y looked sees what Y wrote before. C11 knows no such barrier, and neither do ThreadSanitizer and the
//   explorer. A build with -fsanitize=thread has seq_cst stores in its place, which give the same two promises within
//   C11: the order of all four steps is one, and in it a store that Y's look did not see comes after Y's write. So
//   those tools see every operation, and no annotation is there to be trusted. It is the build for systems without
//   membarrier too. liburcu's read side was measured in its place: bp, its flavour for threads that never registered,
//   costs a borrower more (it writes and reads a shared phase, too), lets one borrower that stands still keep
//   everything that is removed, and cannot say when a grace period is over without blocking or a thread of its own; an
//   object could not be dropped by the last who uses it.
#ifndef SLOTMARK_REFERENCE_BORROW_H_
#define SLOTMARK_REFERENCE_BORROW_H_

#ifndef __cplusplus // which has no _Atomic, and no use for this

#include <stdatomic.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

// SM_BORROW_SYMMETRIC is 1 where borrowers have barriers of their own.
#if !defined(__linux__) || defined(__SANITIZE_THREAD__)
#define SM_BORROW_SYMMETRIC 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SM_BORROW_SYMMETRIC 1
#endif
#endif
#ifdef SM_BORROW_SYMMETRIC
#define SM_BORROW_ORDER memory_order_seq_cst
#else
#define SM_BORROW_SYMMETRIC 0
#define SM_BORROW_ORDER     memory_order_release
#endif

// SM_BORROWERS is how many threads can have a record at once, SM_BORROWS how many borrows each.
#define SM_BORROWERS 256
#define SM_BORROWS   14

// sm_borrower is a thread's record, written by that thread alone, but for `taken`. Two lines: processors fetch them in
// pairs.
struct sm_borrower {
    _Alignas(128) _Atomic(uint64_t) names[SM_BORROWS]; // 0: nothing
    uint32_t count;                                    // of places in use: those below, some of which are 0 again
    _Atomic(uint32_t) taken;                           // 1: a thread has it
};

// sm_borrower_own is this thread's record, or one that is full and nobody's. A thread-local variable of the kind that
// needs no call to be found; eight bytes of what the C library keeps free for such.
#ifdef __GLIBC__
__attribute__((tls_model("initial-exec")))
#endif
extern _Thread_local struct sm_borrower *sm_borrower_own;

// sm_borrow_offer makes ready what is_over needs. Returns 0 where this system cannot give it: nobody may enter then.
int sm_borrow_offer(void);

// sm_borrow_make_room takes a record for a thread that has none. Returns whether there is room in it.
int sm_borrow_make_room(void);

// sm_borrow_is_over returns 1 where nobody borrows the name; 0 where somebody does, or where it cannot be known.
int sm_borrow_is_over(uint64_t name);

// sm_borrow_enter notes a borrow of this thread's. Returns 0 with nothing done where there is no room for it.
static inline int sm_borrow_enter(uint64_t name) {
    if (__builtin_expect(sm_borrower_own->count == SM_BORROWS, 0) && !sm_borrow_make_room()) {
        return 0;
    }
    struct sm_borrower *own = sm_borrower_own;
    uint32_t place = own->count++; // a signal handler that borrows goes above
    atomic_store_explicit(&own->names[place], name, SM_BORROW_ORDER);
    atomic_signal_fence(memory_order_seq_cst); // X's half of the barrier
    return 1;
}

// sm_borrow_leave ends the latest borrow of the name that this thread entered. Returns 0 with nothing done where it has
// none.
static inline int sm_borrow_leave(uint64_t name) {
    struct sm_borrower *own = sm_borrower_own;
    for (uint32_t i = own->count; i-- > 0;) {
        if (atomic_load_explicit(&own->names[i], memory_order_relaxed) == name) { // this thread's own store
            // release: what was done with the object is visible to whoever finds the borrow over.
            atomic_store_explicit(&own->names[i], 0, SM_BORROW_ORDER);
            while (own->count > 0 && atomic_load_explicit(&own->names[own->count - 1], memory_order_relaxed) == 0) {
                own->count--;
            }
            atomic_signal_fence(memory_order_seq_cst); // X's half of the barrier
            return 1;
        }
    }
    return 0;
}

#pragma GCC visibility pop

#endif // __cplusplus
#endif // SLOTMARK_REFERENCE_BORROW_H_
