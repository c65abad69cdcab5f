// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `oneshot` in which a waker is replaced by one of another task that looks like it. Each tries
// both likenesses.
#include "conformance/harness/alike.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"
#include "conformance/oneshot_fixture.h"

static void read_pending(struct sm_trial *trial, struct sm_oneshot_reader *reader, const struct sm_waker *waker) {
    enum sm_poll poll = SM_POLL_READY;
    void *out;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_read(reader, waker, &poll, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, poll);
}

static void channel_tells_wakers_apart(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, channel_create);
    for (enum sm_likeness likeness = 0; likeness < SM_ALIKE_COUNT; likeness++) {
        struct sm_alike alike;
        struct sm_oneshot_writer *writer = NULL;
        struct sm_oneshot_reader *reader = NULL;
        sm_alike_begin(&alike, trial);
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_create(sm_value_type_word(trial), &writer, &reader));
        read_pending(trial, reader, sm_alike_waker(&alike, likeness, 0));
        read_pending(trial, reader, sm_alike_waker(&alike, likeness, 1));
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(writer, NULL));
        SM_EXPECT_SECOND_WOKEN(trial, &alike);
    }
}

static void poll_blocked(struct sm_trial *trial, struct sm_oneshot_end *end, const struct sm_waker *waker) {
    uint32_t word = 77;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_poll(end, waker, &word));
    SM_EXPECT_EQUAL(trial, SM_WORD_BLOCKED, word, "the word that end_poll delivers");
}

static void end_tells_wakers_apart(struct sm_trial *trial) {
    for (enum sm_likeness likeness = 0; likeness < SM_ALIKE_COUNT; likeness++) {
        struct sm_alike alike;
        struct pair pair = new_pair(trial);
        struct element out = BLANK;
        sm_alike_begin(&alike, trial);
        expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
        poll_blocked(trial, pair.reader, sm_alike_waker(&alike, likeness, 0));
        poll_blocked(trial, pair.reader, sm_alike_waker(&alike, likeness, 1));
        expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
        SM_EXPECT_SECOND_WOKEN(trial, &alike);
    }
}

static void poll_empty(struct sm_trial *trial, struct sm_oneshot_set *set, const struct sm_waker *waker) {
    struct sm_event event;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->oneshot->set_poll(set, waker, &event));
}

static void set_tells_wakers_apart(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, set_create);
    for (enum sm_likeness likeness = 0; likeness < SM_ALIKE_COUNT; likeness++) {
        struct sm_alike alike;
        struct sm_oneshot_set *set = NULL;
        struct pair pair = new_pair(trial);
        struct element out = BLANK;
        sm_alike_begin(&alike, trial);
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_create(&set));
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_join(set, pair.reader, NULL));
        expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
        poll_empty(trial, set, sm_alike_waker(&alike, likeness, 0));
        poll_empty(trial, set, sm_alike_waker(&alike, likeness, 1));
        expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
        SM_EXPECT_SECOND_WOKEN(trial, &alike);
    }
}

const struct sm_case sm_oneshot_alike_cases[] = {
    SM_CASE(ONESHOT_07, channel_tells_wakers_apart),
    SM_CASE(ONESHOT_33, end_tells_wakers_apart),
    SM_CASE(ONESHOT_44, set_tells_wakers_apart),
};
const size_t sm_oneshot_alike_case_count = sizeof sm_oneshot_alike_cases / sizeof sm_oneshot_alike_cases[0];
