// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of executors in which two threads use one task at once, or one of them stands still.
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "conformance/call_executor_fixture.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"

enum { ROUNDS = 300 };

// contest is a task whose future ends once `ready` is set, and reads what was written before it was woken.
struct contest {
    struct loop loop;
    atomic_int ready;
    uint64_t text[16];
    struct sm_waker kept;
    atomic_uint inside;
    atomic_uint drops;
    int reads; // the future reads `text`
};

static enum sm_status contest_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    struct contest *contest;
    memcpy(&contest, state, sizeof contest);
    struct sm_trial *trial = contest->loop.trial;
    SM_EXPECT_EQUAL(trial, 0, atomic_fetch_add(&contest->inside, 1), "threads inside the future's poll");
    *out_poll = SM_POLL_PENDING;
    if (contest->kept.vtable == NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, &contest->kept));
    }
    if (atomic_load_explicit(&contest->ready, memory_order_relaxed)) {
        *out_poll = SM_POLL_READY;
        *out_value = NULL;
    }
    for (unsigned i = 0; i < 16 && contest->reads && *out_poll == SM_POLL_READY; i++) {
        SM_EXPECT_EQUAL(trial, i + 1, contest->text[i], "what was written before the wake");
    }
    atomic_fetch_sub(&contest->inside, 1);
    return SM_OK;
}

static void contest_drop(void *state) {
    struct contest *contest;
    memcpy(&contest, state, sizeof contest);
    SM_EXPECT_EQUAL(contest->loop.trial, 0, atomic_fetch_add(&contest->drops, 1), "drops of the future before");
}

static void begin_contest(struct sm_trial *trial, void *context, unsigned round) {
    static const struct sm_future_vtable vtable = {sizeof(struct contest *), _Alignof(struct contest *), contest_poll,
                                                   contest_drop};
    struct contest *contest = context;
    (void)round;
    int reads = contest->reads;
    memset(contest, 0, sizeof *contest);
    contest->reads = reads;
    begin_loop(trial, &contest->loop);
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &contest};
    spawn_source(&contest->loop, &source);
    run(&contest->loop);
}
static void announce(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    // Later by up to a microsecond or two, so that over the rounds the wake comes before, inside and after the poll.
    for (volatile unsigned i = 0; i < round % 32 * 64; i++) {
    }
    for (unsigned i = 0; i < 16; i++) {
        contest->text[i] = i + 1;
    }
    atomic_store_explicit(&contest->ready, 1, memory_order_relaxed);
    wake(&contest->kept);
}
static void wake_and_run(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    (void)round;
    wake(&contest->kept);
    run_as(&contest->loop, SM_SCHEDULE_SUCCESS);
}

// However the wakes fell, running what is due comes to the end.
static void expect_ended(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    while (run_as(&contest->loop, SM_SCHEDULE_SUCCESS)) {
    }
    expect_done(&contest->loop, 1, SM_OK);
    destroy(&contest->loop);
    drop_waker(&contest->kept);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&contest->drops), "drops of the future");
}

// One thread makes the future ready and wakes, the other wakes and runs what is due. Nobody polls twice at once, and
// the end is not missed.
static void wake_racing_a_task_is_not_lost(struct sm_trial *trial) {
    static struct contest contest;
    contest.reads = 0;
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {announce, wake_and_run},
                                         .end = expect_ended,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Two threads run what is due while both wake.
static void announce_and_run(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    announce(trial, context, round);
    run_as(&contest->loop, SM_SCHEDULE_SUCCESS);
}
static void one_thread_at_a_time_is_inside_the_future(struct sm_trial *trial) {
    static struct contest contest;
    contest.reads = 0;
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {announce_and_run, wake_and_run},
                                         .end = expect_ended,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// The text is written by the waking thread alone, and read by the future on the running one. Nothing but the library
// orders the two.
static void run_when_due(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    (void)round;
    while (!run_as(&contest->loop, SM_SCHEDULE_SUCCESS)) {
        sched_yield();
    }
}
static void wake_publishes_what_was_written_before_to_the_task(struct sm_trial *trial) {
    static struct contest contest;
    contest.reads = 1;
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {announce, run_when_due},
                                         .end = expect_ended,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void wake_and_run_again(struct sm_trial *trial, void *context) {
    wake_and_run(trial, context, 0);
}

// A thread is stopped by a signal again and again, wherever in a wake or a task that finds it, and the other works on.
// The future never ends.
static void stopped_task_holds_up_no_wake(struct sm_trial *trial) {
    SM_NEED(trial, call, executor_create);
    sm_stall_need(trial, trial->call->progress, SM_OUT_OF_MEMORY_NEVER);
    static struct contest contest;
    begin_contest(trial, &contest, 0);
    sm_stall_run(trial, &(struct sm_stall){wake_and_run_again, &contest, ROUNDS / 4});
}

const struct sm_case sm_call_executor_race_cases[] = {
    SM_CASE(CALL_73, wake_racing_a_task_is_not_lost),
    SM_CASE(CALL_73, one_thread_at_a_time_is_inside_the_future),
    SM_CASE(CALL_36, stopped_task_holds_up_no_wake),
    SM_CASE(CALL_74, wake_publishes_what_was_written_before_to_the_task),
};
const size_t sm_call_executor_race_case_count =
    sizeof sm_call_executor_race_cases / sizeof sm_call_executor_race_cases[0];
