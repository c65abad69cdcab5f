// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Wakers of two tasks that look alike: who keeps one in place of the other wakes the wrong task.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_ALIKE_H_
#define SLOTMARK_CONFORMANCE_HARNESS_ALIKE_H_

#include "conformance/harness/script.h"

// sm_likeness is how they look alike.
enum sm_likeness {
    SM_ALIKE_TWINS,  // their data are one address: their tables alone differ
    SM_ALIKE_LENDER, // they are one record, lent for the first task and then for the second: their clones alone differ.
                     // kj-rs lends its lazily promoted waker so, from the stack
    SM_ALIKE_COUNT
};

// sm_alike is two tasks.
struct sm_alike {
    struct sm_counting_waker tasks[2];
    struct sm_waker twins[2];
    struct sm_waker lender;
    unsigned stands_for; // the task that the lender is lent for
};
void sm_alike_begin(struct sm_alike *alike, struct sm_trial *trial);

// sm_alike_waker returns the waker of a task, 0 or 1, to poll with.
const struct sm_waker *sm_alike_waker(struct sm_alike *alike, enum sm_likeness likeness, unsigned task);

// SM_EXPECT_ALIKE expects the first task to have been given up, and the second woken so often, with so many references
// to its waker, the case's included.
#define SM_EXPECT_ALIKE(trial, alike, wakes, references)                                                               \
    sm_expect_alike((trial), SM_HERE, (alike), (wakes), (references))
void sm_expect_alike(struct sm_trial *trial, struct sm_location at, struct sm_alike *alike, unsigned wakes,
                     int references);

#endif // SLOTMARK_CONFORMANCE_HARNESS_ALIKE_H_
