// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of foreign calls in which two threads use one call at once, or one of them stands still.
#include <sched.h>
#include <string.h>

#include "conformance/call_foreign_fixture.h"
#include "conformance/harness/script.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

enum { ROUNDS = 300 };

// ------------------------------------------------------------------------------------------------------------------
// Races

struct contest {
    struct client client;
    struct sm_counting_waker waker;
    void *values[2];
    enum sm_status results[2];
    enum sm_status polled;
    enum sm_poll found;
    void *out;
    struct letter {
        uint64_t text[16];
    } letter;
};

static void begin_contest(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    begin_call(trial, &contest->client);
    sm_counting_waker_begin(&contest->waker, trial);
    contest->values[0] = sm_value_make(trial, "of the first completion");
    contest->values[1] = sm_value_make(trial, "of the second completion");
    contest->out = NULL;
}
static void begin_polled(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    begin_contest(trial, context, round);
    expect_pending(&contest->client, &contest->waker.waker);
}

static void race_complete_0(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[0] = trial->call->foreign_complete(contest->client.token, SM_OK, contest->values[0]);
}
static void race_complete_1(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[1] = trial->call->foreign_complete(contest->client.token, SM_OK, contest->values[1]);
}
static void race_destroy(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    (void)round;
    destroy(&contest->client);
}
static void race_poll(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->polled =
        trial->call->foreign_poll(contest->client.foreign, &contest->waker.waker, &contest->found, &contest->out);
}

// Possible: the value is dropped by destroy, or by the completion. The waker may be woken by a completion that came
// first.
static void expect_dropped_by_either(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[0]);
    SM_EXPECT_DROPS(trial, 1, contest->values[0]);
    expect_dropped_once(&contest->client);
    expect_only_the_cases_reference(&contest->waker);
}
static void completion_racing_destroy_drops_once(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_polled,
                                         .actors = {race_complete_0, race_destroy},
                                         .end = expect_dropped_by_either,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Possible: either value is the result, and the other stays its owner's.
static void expect_one_result(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned winner = contest->results[0] == SM_OK ? 0 : 1;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[winner]);
    SM_EXPECT_STATUS(trial, SM_STALE, contest->results[!winner]);
    expect_wakes(&contest->waker, 1);
    expect_result(&contest->client, &contest->waker.waker, SM_OK, contest->values[winner]);
    destroy(&contest->client);
    SM_EXPECT_DROPS(trial, 0, contest->values[0]);
    SM_EXPECT_DROPS(trial, 0, contest->values[1]);
}
static void racing_completions_give_one_result(struct sm_trial *trial) {
    static struct contest contest;
    need_checked(trial);
    sm_race_run(trial, &(struct sm_race){.begin = begin_polled,
                                         .actors = {race_complete_0, race_complete_1},
                                         .end = expect_one_result,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// One thread completes, the other completes and gives up waiting, in either order.
static void race_complete_and_destroy(struct sm_trial *trial, void *context, unsigned round) {
    if (round % 2 != 0) {
        race_destroy(trial, context, round);
    }
    race_complete_1(trial, context, round);
    if (round % 2 == 0) {
        race_destroy(trial, context, round);
    }
}
static void expect_one_completion(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned winner = contest->results[0] == SM_OK ? 0 : 1;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[winner]);
    SM_EXPECT_STATUS(trial, SM_STALE, contest->results[!winner]);
    SM_EXPECT_DROPS(trial, 1, contest->values[winner]);
    SM_EXPECT_DROPS(trial, 0, contest->values[!winner]);
    expect_dropped_once(&contest->client);
}
static void completions_racing_destroy_count_once(struct sm_trial *trial) {
    static struct contest contest;
    need_checked(trial);
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {race_complete_0, race_complete_and_destroy},
                                         .end = expect_one_completion,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Possible: the poll gives the value; or it is pending, and its waker has been woken by the time both are over.
static void expect_result_or_wake(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[0]);
    SM_EXPECT_STATUS(trial, SM_OK, contest->polled);
    if (contest->found == SM_POLL_PENDING) {
        expect_wakes(&contest->waker, 1);
        expect_result(&contest->client, &contest->waker.waker, SM_OK, contest->values[0]);
    } else {
        SM_EXPECT_VALUE(trial, contest->values[0], contest->out, "the value of the foreign call");
    }
    destroy(&contest->client);
    expect_only_the_cases_reference(&contest->waker);
}
static void completion_racing_the_first_poll_is_not_lost(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {race_complete_0, race_poll},
                                         .end = expect_result_or_wake,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// The poll brings another waker than the one that is there. Possible: as above; a completion that comes first wakes the
// old one.
static void begin_replacing(struct sm_trial *trial, void *context, unsigned round) {
    static struct sm_counting_waker old;
    struct contest *contest = context;
    begin_contest(trial, context, round);
    sm_counting_waker_begin(&old, trial);
    expect_pending(&contest->client, &old.waker);
}
static void completion_racing_a_poll_with_another_waker_is_not_lost(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_replacing,
                                         .actors = {race_complete_0, race_poll},
                                         .end = expect_result_or_wake,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// The letter is the value, and nothing but the call orders the writes of one thread and the reads of the other.
static void begin_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    begin_client(trial, &contest->client);
    call_of_type(&contest->client, sm_value_type_word(trial));
    sm_counting_waker_begin(&contest->waker, trial);
    memset(&contest->letter, 0, sizeof contest->letter);
}
static void post_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    for (unsigned i = 0; i < 16; i++) {
        contest->letter.text[i] = round + i + 1;
    }
    contest->results[0] = trial->call->foreign_complete(contest->client.token, SM_OK, &contest->letter);
}
static void await_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    do {
        race_poll(trial, context, round);
        sched_yield();
    } while (contest->polled == SM_OK && contest->found == SM_POLL_PENDING);
    SM_EXPECT_STATUS(trial, SM_OK, contest->polled);
    const struct letter *letter = contest->out;
    for (unsigned i = 0; i < 16; i++) {
        SM_EXPECT_EQUAL(trial, round + i + 1, letter->text[i], "what was written before the completion");
    }
}
static void destroy_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    (void)round;
    destroy(&contest->client);
}
static void completion_publishes_what_was_written_before(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_letter,
                                         .actors = {post_letter, await_letter},
                                         .end = destroy_letter,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// Progress

static void complete_used_token(struct sm_trial *trial, void *context) {
    const struct client *client = context;
    SM_EXPECT_STATUS(trial, SM_STALE, trial->call->foreign_complete(client->token, SM_OK, NULL));
}

// A thread is stopped by a signal again and again, wherever in a completion that finds it, and the other completes on.
// The token has been used: nothing is allocated, and nothing comes of it.
static void stopped_completion_holds_up_no_other(struct sm_trial *trial) {
    struct client client;
    need_checked(trial);
    sm_stall_need(trial, trial->call->progress, SM_OUT_OF_MEMORY_NEVER);
    begin_call(trial, &client);
    complete(&client, sm_value_make(trial, "the result"));
    sm_stall_run(trial, &(struct sm_stall){complete_used_token, &client, ROUNDS / 4});
}

const struct sm_case sm_call_foreign_race_cases[] = {
    SM_CASE(CALL_36, stopped_completion_holds_up_no_other),
    SM_CASE(CALL_56, completion_racing_destroy_drops_once),
    SM_CASE(CALL_57, racing_completions_give_one_result),
    SM_CASE(CALL_57, completions_racing_destroy_count_once),
    SM_CASE(CALL_58, completion_racing_the_first_poll_is_not_lost),
    SM_CASE(CALL_58, completion_racing_a_poll_with_another_waker_is_not_lost),
    SM_CASE(CALL_59, completion_publishes_what_was_written_before),
};
const size_t sm_call_foreign_race_case_count = sizeof sm_call_foreign_race_cases / sizeof sm_call_foreign_race_cases[0];
