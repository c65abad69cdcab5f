// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of typed pairs in which two threads end two operations of one pair at once.
#include <stdatomic.h>

#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"
#include "conformance/oneshot_typed_fixture.h"

enum { ROUNDS = 400 };

struct contest {
    struct payload payload;
    struct typed typed;
    struct sm_typed_write *write;
    struct sm_typed_read *read;
    struct sm_counting_waker waker;
    void *value, *back, *out;
    enum sm_write_end end;
    struct sm_typed_writer *writer;
    struct sm_typed_reader *reader;
    enum sm_poll poll;
};

static void begin_contest(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    payload_begin(&contest->payload, trial);
    sm_counting_waker_begin(&contest->waker, trial);
    contest->typed = new_typed(trial, &contest->payload);
    contest->value = sm_value_make(trial, "the value");
    contest->write = new_write(trial, contest->typed.writer, contest->value);
    contest->read = new_read(trial, contest->typed.reader);
}

static void begin_written(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    begin_contest(trial, context, round);
    expect_write(trial, SM_POLL_PENDING, contest->write, round % 2 == 0 ? &contest->waker.waker : NULL);
}

static void cancel_as_one(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->back = NULL;
    SM_EXPECT_STATUS(
        trial, SM_OK,
        trial->oneshot->typed_write_cancel(contest->write, &contest->end, &contest->back, &contest->writer));
}

static void read_as_other(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read_poll(contest->read, NULL, &contest->poll, &contest->out));
}

static void expect_one_has_it(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    if (contest->end == SM_WRITE_SENT) {
        SM_EXPECT_POLL(trial, SM_POLL_READY, contest->poll);
        SM_EXPECT_VALUE(trial, contest->value, contest->out, "the value that was read");
        expect_asked(trial, &contest->payload, 1, 1, 1);
    } else {
        SM_EXPECT_EQUAL(trial, SM_WRITE_CANCELLED, contest->end, "the end that the cancel of the write tells");
        SM_EXPECT_POLL(trial, SM_POLL_PENDING, contest->poll);
        SM_EXPECT_VALUE(trial, contest->value, contest->back, "the value that came back");
        expect_asked(trial, &contest->payload, 1, 1, 0);
        trial->oneshot->typed_drop_writer(contest->writer);
    }
    SM_EXPECT_DROPS(trial, 0, contest->value);
    trial->oneshot->typed_write_drop(contest->write);
    trial->oneshot->typed_read_drop(contest->read);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&contest->waker.references), "references to the waker, the case's included");
    sm_value_drop(trial, contest->value);
    SM_EXPECT_BALANCED(trial);
}

static void value_of_a_racing_cancel_has_one_owner(struct sm_trial *trial) {
    static struct contest contest;
    SM_NEED(trial, oneshot, typed_create);
    sm_race_run(trial, &(struct sm_race){.begin = begin_written,
                                         .actors = {cancel_as_one, read_as_other},
                                         .end = expect_one_has_it,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void begin_awaited(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    begin_contest(trial, context, round);
    if (round % 2 == 0) {
        expect_read_pending(trial, contest->read, &contest->waker.waker);
    }
}

static void drop_write_as_one(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    enum sm_poll poll;
    void *out;
    trial->oneshot->typed_write_poll(contest->write, NULL, &poll, &out);
    trial->oneshot->typed_write_drop(contest->write);
}

static void cancel_read_as_other(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->oneshot->typed_read_cancel(contest->read, &contest->poll, &contest->out, &contest->reader));
}

// The value or the default: whichever came, the other is nobody's.
static void expect_balance(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    trial->oneshot->typed_read_drop(contest->read);
    if (contest->poll == SM_POLL_READY) {
        sm_value_drop(trial, contest->out);
    } else {
        trial->oneshot->typed_drop_reader(contest->reader);
    }
    SM_EXPECT(trial, atomic_load(&contest->payload.defaults) <= 1, "at most one default to be made");
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&contest->waker.references), "references to the waker, the case's included");
    SM_EXPECT_BALANCED(trial);
}

static void write_that_is_dropped_beside_a_cancelled_read_leaves_nothing(struct sm_trial *trial) {
    static struct contest contest;
    SM_NEED(trial, oneshot, typed_create);
    sm_race_run(trial, &(struct sm_race){.begin = begin_awaited,
                                         .actors = {drop_write_as_one, cancel_read_as_other},
                                         .end = expect_balance,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

const struct sm_case sm_oneshot_typed_race_cases[] = {
    SM_CASE(ONESHOT_72, value_of_a_racing_cancel_has_one_owner),
    SM_CASE(ONESHOT_72, write_that_is_dropped_beside_a_cancelled_read_leaves_nothing),
};
const size_t sm_oneshot_typed_race_case_count =
    sizeof sm_oneshot_typed_race_cases / sizeof sm_oneshot_typed_race_cases[0];
