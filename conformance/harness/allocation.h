// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Allocation counted, and made to fail: malloc and its kin of the judging program stand before the C library's, for the
// subject as for everybody.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_ALLOCATION_H_
#define SLOTMARK_CONFORMANCE_HARNESS_ALLOCATION_H_

#include "conformance/harness/trial.h"

// sm_allocation_need ends the case as UNSUPPORTED where allocations cannot be seen: under a sanitizer, which has its
// own.
void sm_allocation_need(struct sm_trial *trial);

// sm_allocation_count returns the allocations of this thread so far.
unsigned long sm_allocation_count(void);

// sm_allocation_frees returns how often this thread has given memory back so far.
unsigned long sm_allocation_frees(void);

// sm_allocation_is_inside tells whether this thread is inside the allocator, for a signal's handler that interrupts it.
int sm_allocation_is_inside(void);

// sm_allocation_fail makes each later allocation of this thread fail, until called with 0. Returns how many it had
// failed.
unsigned long sm_allocation_fail(int fail);

// SM_EXPECT_GIVEN_BACK expects a thousand calls of `live` to give back what is allocated in them, or 200 where one
// takes a quarter of a millisecond, for each way below `ways`, and after as many that fill a stock; on whichever
// thread, and soon. It ends the case as UNSUPPORTED where that cannot be seen.
#define SM_EXPECT_GIVEN_BACK(trial, live, ways, what) sm_expect_given_back((trial), SM_HERE, (live), (ways), (what))
void sm_expect_given_back(struct sm_trial *trial, struct sm_location at,
                          void (*live)(struct sm_trial *trial, unsigned way), unsigned ways, const char *what);

// sm_allocation_supply gives the memory of all threads from here on, where it wants to, and takes back what it gave.
struct sm_allocation_supply {
    int (*wants)(void);
    // allocate returns NULL where there is none.
    void *(*allocate)(size_t alignment, size_t size);
    // size_of returns the size of a block that it gave; 0 for another's.
    size_t (*size_of)(const void *block);
    void (*release)(void *block, const void *caller);
};
void sm_allocation_supply(const struct sm_allocation_supply *supply);

// sm_allocation_watch tells whether allocations are seen at all, as they are at first. With 0 nothing here holds, and
// malloc and free cost what the C library's do. Threads: while no other allocates, and nothing is supplied.
void sm_allocation_watch(int watch);

// sm_allocation_align has each later malloc and calloc of this thread begin at a multiple of `bytes`, a power of two,
// until called with 0: where an object lies in its line may cost more than what a bench looks for.
void sm_allocation_align(size_t bytes);

#endif // SLOTMARK_CONFORMANCE_HARNESS_ALLOCATION_H_
