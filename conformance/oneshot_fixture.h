// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of ends and of sets share: a pair of ends, an element, and the operations with what they are expected
// to answer.
#ifndef SLOTMARK_CONFORMANCE_ONESHOT_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_ONESHOT_FIXTURE_H_

#include <stdatomic.h>

#include "conformance/harness/script.h"
#include "conformance/harness/trial.h"

// element is what crosses.
struct element {
    uint64_t words[2];
};
static const struct element FIRST = {{0x0123456789abcdef, 0x5a5a5a5a5a5a5a5a}};
static const struct element BLANK = {{0, 0}};

struct pair {
    struct sm_oneshot_end *reader, *writer;
};

static inline struct pair new_pair(struct sm_trial *trial) {
    struct pair pair = {NULL, NULL};
    SM_NEED(trial, oneshot, end_create);
    SM_EXPECT_STATUS(
        trial, SM_OK,
        trial->oneshot->end_create(sizeof(struct element), _Alignof(struct element), &pair.reader, &pair.writer));
    return pair;
}

static inline void expect_begin_read(struct sm_trial *trial, uint32_t expected, const struct pair *pair,
                                     struct element *out) {
    uint32_t word = 77;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(pair->reader, out, &word));
    SM_EXPECT_EQUAL(trial, expected, word, "the word of the read");
}

static inline void expect_begin_write(struct sm_trial *trial, uint32_t expected, const struct pair *pair,
                                      const struct element *in) {
    uint32_t word = 77;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(pair->writer, in, &word));
    SM_EXPECT_EQUAL(trial, expected, word, "the word of the write");
}

// expect_word polls without a waker.
static inline void expect_word(struct sm_trial *trial, uint32_t expected, struct sm_oneshot_end *end) {
    uint32_t word = 77;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_poll(end, NULL, &word));
    SM_EXPECT_EQUAL(trial, expected, word, "the word that end_poll delivers");
}

static inline void expect_pending(struct sm_trial *trial, struct sm_oneshot_end *end,
                                  const struct sm_counting_waker *waker) {
    uint32_t word = 77;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_poll(end, &waker->waker, &word));
    SM_EXPECT_EQUAL(trial, SM_WORD_BLOCKED, word, "the word that end_poll delivers");
}

static inline void expect_cancelled(struct sm_trial *trial, uint32_t expected, struct sm_oneshot_end *end) {
    uint32_t word = 77;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_cancel(end, &word));
    SM_EXPECT_EQUAL(trial, expected, word, "the word that end_cancel delivers");
}

static inline void expect_nothing_pending(struct sm_trial *trial, struct sm_oneshot_end *end) {
    uint32_t word;
    SM_EXPECT_STATUS(trial, SM_IDLE, trial->oneshot->end_poll(end, NULL, &word));
    SM_EXPECT_STATUS(trial, SM_IDLE, trial->oneshot->end_cancel(end, &word));
}

static inline void expect_element(struct sm_trial *trial, const struct element *expected, const struct element *seen,
                                  const char *what) {
    for (size_t i = 0; i < 2; i++) {
        SM_EXPECT_EQUAL(trial, expected->words[i], seen->words[i], what);
    }
}

static inline void expect_counts(struct sm_trial *trial, struct sm_counting_waker *waker, unsigned wakes,
                                 int references) {
    SM_EXPECT_EQUAL(trial, wakes, atomic_load(&waker->wakes), "wakes of the waker");
    SM_EXPECT_EQUAL(trial, references, atomic_load(&waker->references), "references to the waker, the case's included");
}

#endif // SLOTMARK_CONFORMANCE_ONESHOT_FIXTURE_H_
