// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the scenarios of ends and of sets share: two ends, the element that crosses between them, and what their holders
// do.
#ifndef SLOTMARK_STRESS_ONESHOT_PAIR_H_
#define SLOTMARK_STRESS_ONESHOT_PAIR_H_

#include "stress/litmus.h"

enum { ELEMENT = 5 };

struct pair {
    struct sm_oneshot_end *reader, *writer;
    _Alignas(64) int in; // ELEMENT
    int out;
};

// A word, as a small number.
static inline int small(uint32_t word) {
    return word == SM_WORD_BLOCKED ? 3 : (int)word;
}

static inline void make_pair(struct sm_trial *trial, struct pair *pair) {
    pair->in = ELEMENT;
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->oneshot->end_create(sizeof(int), _Alignof(int), &pair->reader, &pair->writer));
}

static inline int begin_read(struct sm_trial *trial, struct pair *pair) {
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(pair->reader, &pair->out, &word));
    return small(word);
}

static inline int begin_write(struct sm_trial *trial, struct pair *pair) {
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(pair->writer, &pair->in, &word));
    return small(word);
}

// settle ends what is under way, and drops both ends.
static inline void settle(struct sm_trial *trial, struct pair *pair) {
    uint32_t word;
    trial->oneshot->end_cancel(pair->reader, &word);
    trial->oneshot->end_cancel(pair->writer, &word);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair->reader));
    if (trial->oneshot->end_drop(pair->writer) == SM_UNWRITTEN) {
        begin_write(trial, pair); // DROPPED, at once
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair->writer));
    }
}

#endif // SLOTMARK_STRESS_ONESHOT_PAIR_H_
