// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `promise`: jobs, which other threads wake while their loop polls or ends them.
#include <string.h>

#include "stress/promise_court.h"

// hearing is the record of all of them: a job, of the court's loop. It begins with the court.
struct hearing {
    struct court court;
    struct sm_job *job;
    struct sm_waker wakers[2];                // clones of the job's, one an actor
    _Alignas(64) atomic_int note;             // relaxed: ordered by the subject, or not at all
    _Alignas(64) int polls, last_note, drops; // of the job's future
};

static struct hearing *hearing_of(void *state) {
    struct hearing *hearing;
    memcpy(&hearing, state, sizeof hearing);
    return hearing;
}

// The job's future reads the note, and stays pending. Its first poll keeps two clones of its waker.
static enum sm_status poll_note(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct hearing *hearing = hearing_of(state);
    (void)out_value;
    if (hearing->polls++ == 0 && (waker->vtable->clone(waker->data, &hearing->wakers[0]) != SM_OK ||
                                  waker->vtable->clone(waker->data, &hearing->wakers[1]) != SM_OK)) {
        return SM_FAULT;
    }
    hearing->last_note = atomic_load_explicit(&hearing->note, memory_order_relaxed);
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

static void drop_future(void *state) {
    hearing_of(state)->drops++;
}

static const struct sm_future_vtable note_future = {sizeof(struct hearing *), _Alignof(struct hearing *), poll_note,
                                                    drop_future};

static void spawn(struct sm_trial *trial, struct hearing *hearing, const struct sm_future_vtable *vtable) {
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, vtable, &hearing};
    struct court *court = &hearing->court;
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_spawn(court->loop, &source, &verdicts, &hearing->job));
    run(trial, court);
    leave(trial, court);
}

static void begin_job(struct sm_trial *trial, void *state) {
    begin_loop(trial, state);
    spawn(trial, state, &note_future);
}

static void wake(const struct sm_waker *waker) {
    waker->vtable->wake(waker->data);
}

static void begin_woken_job(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    begin_job(trial, hearing);
    wake(&hearing->wakers[1]);
}

static void destroy_job(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    enter(trial, &hearing->court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(hearing->job));
    leave(trial, &hearing->court);
}

static void close_job(struct sm_trial *trial, struct hearing *hearing) {
    destroy_job(trial, hearing);
    destroy_loop(trial, hearing);
    SM_EXPECT_EQUAL(trial, 1, hearing->drops, "drops of the future");
}

static void note_and_wake(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    (void)trial;
    atomic_store_explicit(&hearing->note, 1, memory_order_relaxed);
    wake(&hearing->wakers[0]);
}

static void run_second(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    hearing->court.actors[1].seen[0] = enter_and_run(trial, &hearing->court);
}

static uint64_t end_polls(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    int later = enter_and_run(trial, &hearing->court);
    if (hearing->wakers[1].vtable != NULL) {
        hearing->wakers[1].vtable->drop(hearing->wakers[1].data);
    }
    close_job(trial, hearing);
    return SM_OUTCOME3(hearing->court.actors[1].seen[0], later, hearing->last_note);
}

// A job is woken while its loop runs.
static void wake_of_a_job_causes_one_poll(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct hearing),
        .actor_count = 2,
        .begin = begin_job,
        .actors = {note_and_wake, run_second},
        .end = end_polls,
        .form = "polls in the race, polls by the next run, the note read last",
        .outcomes = {{SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the wake came after the run"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_INTERESTING, "the run found it"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "the poll has not what was before the wake"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "one wake caused two polls"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

static uint64_t end_woken_polls(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    int later = enter_and_run(trial, &hearing->court);
    close_job(trial, hearing);
    return SM_OUTCOME3(hearing->court.actors[1].seen[0], later, hearing->last_note);
}

// A job that is to be polled is woken once more.
static void wake_racing_a_poll_is_seen_or_causes_another(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct hearing),
        .actor_count = 2,
        .begin = begin_woken_job,
        .actors = {note_and_wake, run_second},
        .end = end_woken_polls,
        .form = "polls in the race, polls by the next run, the note read last",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the wake came before the poll, which has its note"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "it came after the poll"},
                     {SM_OUTCOME3(2, 0, 1), SM_GRADE_INTERESTING, "it came in the poll, or before the run was over"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "the poll used the wake up, and has not its note"},
                     {SM_OUTCOME3(2, 0, 0), SM_GRADE_FORBIDDEN, "the last poll has not the note"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "the last poll has not the note"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "a job that was woken was not polled"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

static uint64_t end_job_gone(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    int later = enter_and_run(trial, &hearing->court);
    destroy_loop(trial, hearing);
    return SM_OUTCOME3(hearing->polls, later, hearing->drops);
}

// A job is destroyed while the last of its wakers wakes it. The other one has woken it before.
static void wake_racing_the_end_of_its_job_wakes_nothing(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct hearing),
        .actor_count = 2,
        .begin = begin_woken_job,
        .actors = {note_and_wake, destroy_job},
        .end = end_job_gone,
        .form = "polls, events later, drops of the future",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the future was dropped, and is polled no more"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

static void begin_job_gone(struct sm_trial *trial, void *state) {
    begin_job(trial, state);
    destroy_job(trial, state);
}

static void clone_and_drop_both(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    const struct sm_waker *waker = &hearing->wakers[1];
    struct sm_waker clone;
    SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, &clone));
    waker->vtable->drop(waker->data);
    clone.vtable->drop(clone.data);
}

// Wakers on two threads are what is left of a job.
static void last_waker_of_a_job_is_the_last(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct hearing),
        .actor_count = 2,
        .begin = begin_job_gone,
        .actors = {note_and_wake, clone_and_drop_both},
        .end = end_job_gone,
        .form = "polls, events later, drops of the future",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "nobody wakes a job that is gone"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

static struct sm_trial *trial_of_future; // the one that runs: a future has no other way to the subject

// The job's future awaits the promise, with its own waker.
static enum sm_status poll_promise(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    struct hearing *hearing = hearing_of(state);
    struct verdict *verdict;
    int found = poll_with(trial_of_future, &hearing->court, waker, &verdict);
    *out_poll = found == PENDING ? SM_POLL_PENDING : SM_POLL_READY;
    *out_value = verdict;
    return SM_OK;
}

static const struct sm_future_vtable awaiting_future = {sizeof(struct hearing *), _Alignof(struct hearing *),
                                                        poll_promise, drop_future};

static void begin_awaiting_job(struct sm_trial *trial, void *state) {
    trial_of_future = trial;
    begin_promise(trial, state);
    spawn(trial, state, &awaiting_future);
}

// result returns what was written behind the value of the job; 0 where there is none.
static int result(struct sm_trial *trial, struct hearing *hearing) {
    struct court *court = &hearing->court;
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    enter(trial, court);
    run(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_result(hearing->job, &poll, &value));
    leave(trial, court);
    return poll == SM_POLL_READY ? ((const struct verdict *)value)->line : 0;
}

static void run_for_result(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    hearing->court.actors[1].seen[0] = result(trial, hearing);
}

static uint64_t end_result(struct sm_trial *trial, void *state) {
    struct hearing *hearing = state;
    int later = hearing->court.actors[1].seen[0] == 0 ? result(trial, hearing) : 0;
    drop_fulfiller(trial, hearing);
    destroy_job(trial, hearing);
    close_court(trial, &hearing->court);
    return SM_OUTCOME2(hearing->court.actors[1].seen[0], later);
}

// A job awaits a promise, which another thread decides while the loop runs.
static void job_that_awaits_is_polled_for_the_decision(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct hearing),
        .actor_count = 2,
        .begin = begin_awaiting_job,
        .actors = {write_and_fulfill, run_for_result},
        .end = end_result,
        .form = "read behind the job's value (0: PENDING), read later",
        .outcomes = {{SM_OUTCOME2(0, 7), SM_GRADE_ACCEPTABLE, "the decision came after the run"},
                     {SM_OUTCOME2(7, 0), SM_GRADE_INTERESTING, "the run found it"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "the job was not polled again"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_promise_job_scenarios[] = {
    SM_SCENARIO(PROMISE_39, wake_racing_a_poll_is_seen_or_causes_another),
    SM_SCENARIO(PROMISE_42, wake_of_a_job_causes_one_poll),
    SM_SCENARIO(PROMISE_46, wake_racing_the_end_of_its_job_wakes_nothing),
    SM_SCENARIO(PROMISE_46, last_waker_of_a_job_is_the_last),
    SM_SCENARIO(PROMISE_49, job_that_awaits_is_polled_for_the_decision),
};
const size_t sm_promise_job_scenario_count = sizeof sm_promise_job_scenarios / sizeof sm_promise_job_scenarios[0];
