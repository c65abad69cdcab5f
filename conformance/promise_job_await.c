// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of jobs that await promises, and of the order in which jobs are polled.
#include <sched.h>
#include <stdatomic.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"
#include "conformance/promise_job_fixture.h"

// ------------------------------------------------------------------------------------------------------------------
// Awaiting promises

static struct sm_job *spawn_awaiting(struct sm_trial *trial, struct sm_loop *loop, struct part *part) {
    *part = (struct part){.trial = trial, .poll = await, .pledge = new_pledge(trial, loop)};
    struct sm_job *job = spawn_part(loop, part);
    run(trial, loop);
    expect_part_polls(part, 1);
    return job;
}

// Polled once before the decision and once after, by whichever thread it came.
static void job_is_polled_again_once_its_promise_is_decided(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < 2; i++) {
        struct part part;
        struct sm_job *job = spawn_awaiting(trial, loop, &part);
        expect_unfinished(trial, job);
        void *value = i == 0 ? fulfill_new(trial, &part.pledge) : fulfill_elsewhere(trial, &part.pledge);
        run(trial, loop);
        expect_part_polls(&part, 2);
        expect_result(trial, job, value);
    }
}

// An error reaches the job likewise.
static void job_is_told_of_a_rejected_promise(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part;
    struct sm_job *job = spawn_awaiting(trial, loop, &part);
    void *error = sm_value_make(trial, "rejected with");
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->reject(part.pledge.fulfiller, error));
    run(trial, loop);
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_FAILED, trial->promise->job_result(job, &found, &out));
    SM_EXPECT_VALUE(trial, error, out, "the error that reached the job");
}

static void begin_awaiting(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    struct part *part = context;
    struct sm_loop *loop = part->pledge.loop;
    *part =
        (struct part){.trial = trial, .poll = await, .pledge = new_pledge_of(trial, loop, sm_value_type_word(trial))};
    spawn_part(loop, part);
}
static void run_until_dropped(struct sm_trial *trial, void *context, unsigned round) {
    const struct part *part = context;
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    while (found == SM_POLL_PENDING) {
        run(trial, part->pledge.loop);
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_result(part->job, &found, &out));
        sched_yield();
    }
    SM_EXPECT_VALUE(trial, word(round % 64 + 1), out, "the value that reached the job");
    SM_EXPECT(trial, atomic_load(&part->polls) <= 2, "no more than two polls");
}
static void fulfill_by_round(struct sm_trial *trial, void *context, unsigned round) {
    const struct part *part = context;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(part->pledge.fulfiller, word(round % 64 + 1)));
}
static void end_awaiting(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    const struct part *part = context;
    destroy_job(trial, part->job);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(part->pledge.promise));
    trial->promise->drop_fulfiller(part->pledge.fulfiller);
}

// The decision comes while the job's first poll registers, and is not missed.
static void decision_racing_the_first_poll_is_not_missed(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct part part = {.trial = trial};
    part.pledge.loop = entered_loop(trial);
    sm_race_run(trial, &(struct sm_race){.begin = begin_awaiting,
                                         .actors = {run_until_dropped, fulfill_by_round},
                                         .end = end_awaiting,
                                         .context = &part,
                                         .rounds = ROUNDS});
}

// await_counted counts the allocations of its polls of the promise.
static enum sm_status await_counted(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                    void **out_value) {
    unsigned long before = sm_allocation_count();
    enum sm_status status = await(part, waker, out_poll, out_value);
    part->allocations += sm_allocation_count() - before;
    return status;
}

// A job awaits a promise with the waker it was lent, pending and ready.
static void awaiting_with_the_own_waker_allocates_nothing(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    sm_allocation_need(trial);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = await_counted, .pledge = new_pledge(trial, loop)};
    struct sm_job *job = spawn_part(loop, &part);
    run(trial, loop);
    void *value = fulfill_new(trial, &part.pledge);
    run(trial, loop);
    expect_result(trial, job, value);
    SM_EXPECT_EQUAL(trial, 0, part.allocations, "allocations of the polls of the promise");
}

// await_for_another polls the promise with a waker of the case's, in its own poll.
static enum sm_status await_for_another(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                        void **out_value) {
    (void)waker;
    return await(part, &part->kept, out_poll, out_value);
}

// A job that polls with a waker not its own links nothing: that waker is cloned once, and woken; the job is not.
static void foreign_waker_in_a_job_is_cloned_once(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct listener listener;
    listener_begin(&listener, trial);
    struct part part = {
        .trial = trial, .poll = await_for_another, .pledge = new_pledge(trial, loop), .kept = listener.waker};
    spawn_part(loop, &part);
    run(trial, loop);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&listener.clones), "clones of the waker");
    fulfill_new(trial, &part.pledge);
    run(trial, loop);
    expect_wakes(&listener, 1);
    expect_part_polls(&part, 1);
}

// K01: polled under a job that is gone when the decision is told; the next poller gets the value.
static void promise_outlives_the_job_that_polled_it(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part gone;
    destroy_job(trial, spawn_awaiting(trial, loop, &gone));
    void *value = fulfill_new(trial, &gone.pledge);
    run(trial, loop);
    struct part next = {.trial = trial, .poll = await, .pledge = gone.pledge};
    struct sm_job *job = spawn_part(loop, &next);
    run(trial, loop);
    expect_result(trial, job, value);
}

// K01: the next one polls before the decision, and is told of it.
static void next_poller_is_told(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part gone;
    destroy_job(trial, spawn_awaiting(trial, loop, &gone));
    struct part next = {.trial = trial, .poll = await, .pledge = gone.pledge};
    struct sm_job *job = spawn_part(loop, &next);
    run(trial, loop);
    void *value = fulfill_new(trial, &gone.pledge);
    run(trial, loop);
    expect_result(trial, job, value);
    expect_part_polls(&gone, 1);
}

// AWAIT-02: the job goes first, before the decision or between it and the turn. A job that is spawned then, where the
// first one's memory was, perhaps, is not polled in its stead.
static void job_goes_before_its_promise(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned decided = 0; decided < 2; decided++) {
        struct part part;
        struct sm_job *job = spawn_awaiting(trial, loop, &part);
        void *value = NULL;
        if (decided == 1) {
            value = fulfill_new(trial, &part.pledge);
        }
        destroy_job(trial, job);
        struct part bystander = {.trial = trial, .poll = pend};
        spawn_part(loop, &bystander);
        run(trial, loop);
        if (decided == 0) {
            value = fulfill_new(trial, &part.pledge);
            run(trial, loop);
        }
        expect_part_polls(&bystander, 1);
        expect_part_polls(&part, 1);
        expect_value(trial, part.pledge.promise, value);
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(part.pledge.promise));
    }
}

// AWAIT-02: the promise goes first, undecided, or decided and not told. The job goes on, and can be destroyed.
static void promise_goes_before_its_job(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned decided = 0; decided < 2; decided++) {
        struct part part;
        struct sm_job *job = spawn_awaiting(trial, loop, &part);
        if (decided == 1) {
            fulfill_new(trial, &part.pledge);
        }
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(part.pledge.promise));
        struct pledge bystander = new_pledge(trial, loop); // where the first one's memory was, perhaps
        run(trial, loop);
        destroy_job(trial, job);
        expect_pending(trial, bystander.promise);
        fulfill_new(trial, &bystander);
        run(trial, loop);
        trial->promise->drop_fulfiller(part.pledge.fulfiller);
    }
}

// gather awaits two promises with one waker, and ends when it has both values.
static enum sm_status gather(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                             void **out_value) {
    struct pledge *const pledges[] = {&part->pledge, &part->other};
    for (unsigned i = 0; i < 2; i++) {
        enum sm_poll found = SM_POLL_PENDING;
        void *out = NULL;
        if (pledges[i]->promise == NULL) {
            continue;
        }
        SM_EXPECT_STATUS(part->trial, SM_OK, part->trial->promise->poll(pledges[i]->promise, waker, &found, &out));
        if (found == SM_POLL_READY) {
            part->trial->promise->destroy(pledges[i]->promise);
            pledges[i]->promise = NULL;
            sm_value_drop(part->trial, out);
        }
    }
    *out_poll = part->pledge.promise == NULL && part->other.promise == NULL ? SM_POLL_READY : SM_POLL_PENDING;
    *out_value = *out_poll == SM_POLL_READY ? part->value : *out_value;
    return SM_OK;
}

static struct sm_job *spawn_gathering(struct sm_trial *trial, struct sm_loop *loop, struct part *part) {
    *part = (struct part){.trial = trial,
                          .poll = gather,
                          .pledge = new_pledge(trial, loop),
                          .other = new_pledge(trial, loop),
                          .value = sm_value_make(trial, "both gathered")};
    struct sm_job *job = spawn_part(loop, part);
    run(trial, loop);
    return job;
}

// One after the other, in either order: the poll for the first awaits the second anew.
static void job_that_awaits_two_is_told_of_each(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < 2; i++) {
        struct part part;
        struct sm_job *job = spawn_gathering(trial, loop, &part);
        fulfill_new(trial, i == 0 ? &part.pledge : &part.other);
        run(trial, loop);
        expect_part_polls(&part, 2);
        expect_unfinished(trial, job);
        fulfill_new(trial, i == 0 ? &part.other : &part.pledge);
        run(trial, loop);
        expect_result(trial, job, part.value);
    }
}

// K02: both decided, by this thread and another, before either is told: the first wake's poll takes both values, and
// the second one's event finds its promise gone.
static void wake_not_yet_dispatched_survives_a_poll_for_another(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part;
    struct sm_job *job = spawn_gathering(trial, loop, &part);
    fulfill_new(trial, &part.pledge);
    fulfill_elsewhere(trial, &part.other);
    run(trial, loop);
    expect_result(trial, job, part.value);
}

// await_and_keep awaits the promise, and keeps a clone of its latest waker for another source.
static enum sm_status await_and_keep(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    struct sm_waker old = part->kept;
    SM_EXPECT_STATUS(part->trial, SM_OK, waker->vtable->clone(waker->data, &part->kept));
    if (old.vtable != NULL) {
        release(&old);
    }
    return await(part, waker, out_poll, out_value);
}

// K02: the second source is a waker on another thread; its wake re-polls the promise, which later is decided.
static void poll_for_a_wake_awaits_the_promise_anew(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = await_and_keep, .pledge = new_pledge(trial, loop)};
    struct sm_job *job = spawn_part(loop, &part);
    run(trial, loop);
    for (unsigned polls = 2; polls <= 3; polls++) {
        sm_on_thread(trial, wake_elsewhere, &part);
        run(trial, loop);
        expect_part_polls(&part, polls);
    }
    sm_on_thread(trial, wake_elsewhere, &part);
    void *value = fulfill_elsewhere(trial, &part.pledge);
    run(trial, loop);
    expect_result(trial, job, value);
    release(&part.kept);
}

// ------------------------------------------------------------------------------------------------------------------
// Order

enum { QUEUE = 4 };

// queue spawns four jobs that keep their wakers and write their numbers, 1 to 4, into `log` when polled.
static void queue(struct sm_trial *trial, struct sm_loop *loop, struct part parts[QUEUE], unsigned *log) {
    for (unsigned i = 0; i < QUEUE; i++) {
        parts[i] = (struct part){.trial = trial, .poll = keep, .log = log, .number = i + 1};
        spawn_part(loop, &parts[i]);
    }
}

// K03: polled first in the order of their spawns, then in that of their wakes.
static void jobs_are_polled_in_the_order_of_wakes(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part parts[QUEUE];
    unsigned log = 0;
    queue(trial, loop, parts, &log);
    run(trial, loop);
    SM_EXPECT_EQUAL(trial, 1234, log, "the order of first polls");
    log = 0;
    static const unsigned order[] = {2, 0, 3, 2, 1};
    for (unsigned i = 0; i < 5; i++) {
        wake(&parts[order[i]].kept);
    }
    run(trial, loop);
    SM_EXPECT_EQUAL(trial, 3142, log, "the order of polls after the wakes 3, 1, 4, 3, 2");
}

// wake_then_spawn wakes its third and first neighbours and spawns another, in its second poll.
static enum sm_status wake_then_spawn(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                      void **out_value) {
    if (atomic_load(&part->polls) == 2) {
        wake(&part->parts[3].kept);
        wake(&part->parts[1].kept);
        spawn_part(part->pledge.loop, part->parts + 2);
    }
    return keep(part, waker, out_poll, out_value);
}

// K03: a wake of the loop's own thread, from inside a turn, comes before a job that is spawned after it.
static void same_thread_wake_comes_before_a_later_spawn(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    unsigned log = 0;
    struct part parts[QUEUE];
    for (unsigned i = 0; i < QUEUE; i++) {
        parts[i] = (struct part){.trial = trial, .poll = keep, .log = &log, .number = i + 1};
    }
    parts[0].poll = wake_then_spawn;
    parts[0].parts = parts;
    parts[0].pledge.loop = loop;
    spawn_part(loop, &parts[0]);
    spawn_part(loop, &parts[1]);
    spawn_part(loop, &parts[3]);
    run(trial, loop);
    SM_EXPECT_EQUAL(trial, 124, log, "the order of first polls");
    log = 0;
    wake(&parts[0].kept);
    run(trial, loop);
    SM_EXPECT_EQUAL(trial, 1423, log, "the order after one job woke the fourth and second, and spawned the third");
}

// await_in_order awaits, and writes its number when it has the value.
static enum sm_status await_in_order(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    enum sm_status status = await(part, waker, out_poll, out_value);
    if (*out_poll == SM_POLL_READY) {
        *part->log = *part->log * 10 + part->number;
    }
    return status;
}

// K03, AWAIT-04: jobs that await promises are polled in the order of the decisions.
static void awaiting_jobs_are_polled_in_the_order_of_decisions(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part parts[QUEUE];
    unsigned log = 0;
    for (unsigned i = 0; i < QUEUE; i++) {
        parts[i] = (struct part){
            .trial = trial, .poll = await_in_order, .log = &log, .number = i + 1, .pledge = new_pledge(trial, loop)};
        spawn_part(loop, &parts[i]);
    }
    run(trial, loop);
    static const unsigned order[] = {2, 0, 3, 1};
    for (unsigned i = 0; i < QUEUE; i++) {
        fulfill_new(trial, &parts[order[i]].pledge);
    }
    run(trial, loop);
    SM_EXPECT_EQUAL(trial, 3142, log, "the order of the jobs whose promises were decided 3, 1, 4, 2");
}

const struct sm_case sm_promise_job_await_cases[] = {
    SM_CASE(PROMISE_25, foreign_waker_in_a_job_is_cloned_once),
    SM_CASE(PROMISE_29, promise_outlives_the_job_that_polled_it),
    SM_CASE(PROMISE_29, next_poller_is_told),
    SM_CASE(PROMISE_49, job_is_polled_again_once_its_promise_is_decided),
    SM_CASE(PROMISE_49, job_is_told_of_a_rejected_promise),
    SM_CASE(PROMISE_49, decision_racing_the_first_poll_is_not_missed),
    SM_CASE(PROMISE_50, awaiting_with_the_own_waker_allocates_nothing),
    SM_CASE(PROMISE_51, job_goes_before_its_promise),
    SM_CASE(PROMISE_51, promise_goes_before_its_job),
    SM_CASE(PROMISE_52, job_that_awaits_two_is_told_of_each),
    SM_CASE(PROMISE_52, wake_not_yet_dispatched_survives_a_poll_for_another),
    SM_CASE(PROMISE_52, poll_for_a_wake_awaits_the_promise_anew),
    SM_CASE(PROMISE_53, jobs_are_polled_in_the_order_of_wakes),
    SM_CASE(PROMISE_53, same_thread_wake_comes_before_a_later_spawn),
    SM_CASE(PROMISE_53, awaiting_jobs_are_polled_in_the_order_of_decisions),
};
const size_t sm_promise_job_await_case_count = sizeof sm_promise_job_await_cases / sizeof sm_promise_job_await_cases[0];
