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

// SM_EXPECT_SECOND_WOKEN expects the second task to have been woken once, and the first not at all.
#define SM_EXPECT_SECOND_WOKEN(trial, alike) sm_expect_second_woken((trial), SM_HERE, (alike))
void sm_expect_second_woken(struct sm_trial *trial, struct sm_location at, const struct sm_alike *alike);

#endif // SLOTMARK_CONFORMANCE_HARNESS_ALIKE_H_
