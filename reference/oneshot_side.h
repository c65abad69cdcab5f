// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The inside of oneshot_end.h, for oneshot_end.c and oneshot_set.c: what an end is made of. All of it is the end's own
// side's, but the pair.
#ifndef SLOTMARK_REFERENCE_ONESHOT_SIDE_H_
#define SLOTMARK_REFERENCE_ONESHOT_SIDE_H_

#include "oneshot_end.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sm_oneshot_pair;
struct sm_task;

// sm_end_state is how far an end is.
enum sm_end_state {
    SM_END_IDLE, // nothing is under way
    SM_END_BUSY, // an operation is, or its word is undelivered
    SM_END_DONE, // COMPLETED or DROPPED was delivered
    SM_END_MOVED // the reader is another object
};

struct sm_oneshot_end {
    struct sm_oneshot_pair *pair;
    void *buffer; // of a read that is under way
    uint8_t writes;
    uint8_t state;    // enum sm_end_state
    uint8_t is_apart; // a reader that was moved: a block of its own
    struct sm_oneshot_set *set;
    struct sm_task *task; // of the set, where there is one
    void *token;
};

#pragma GCC visibility push(hidden)

// sm_end_deliver delivers the word of a busy end, or says SM_WORD_BLOCKED.
uint32_t sm_end_deliver(struct sm_oneshot_end *end);

// sm_end_arm has the word of a busy member make its task ready, at once where it is there already.
void sm_end_arm(struct sm_oneshot_end *end);

// sm_end_waits says whether the end keeps a waker, which has not been woken; sm_end_unwait drops it. The end is busy.
int sm_end_waits(const struct sm_oneshot_end *end);
void sm_end_unwait(struct sm_oneshot_end *end);

// sm_set_leave takes an end out of its set.
void sm_set_leave(struct sm_oneshot_end *end);

#pragma GCC visibility pop

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_ONESHOT_SIDE_H_
