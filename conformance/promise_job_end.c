// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of jobs that look at how one ends: its wakers, which outlive it, destroy, and the end of its loop.
#include <stdatomic.h>

#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"
#include "conformance/promise_job_fixture.h"

// ------------------------------------------------------------------------------------------------------------------
// Wakers that outlive what they wake

// after_all wakes and gives up a waker whose task is gone, on this thread and on another.
static void wake_on_another(struct sm_trial *trial, void *context) {
    (void)trial;
    wake(context);
}
static void use_after_all(struct sm_trial *trial, struct sm_waker *waker) {
    struct sm_waker second;
    wake(waker);
    sm_on_thread(trial, wake_on_another, waker);
    SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, &second));
    second.vtable->wake(second.data);
    release(waker);
}

// K04: the job has been destroyed.
static void waker_outlives_its_job(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = keep};
    struct sm_job *job = spawn_part(loop, &part);
    run(trial, loop);
    destroy_job(trial, job);
    struct part next = {.trial = trial, .poll = pend}; // where the first one's memory was, perhaps
    spawn_part(loop, &next);
    run(trial, loop);
    wake(&part.kept);
    run(trial, loop);
    expect_part_polls(&next, 1);
    use_after_all(trial, &part.kept);
    run(trial, loop);
    expect_part_polls(&part, 1);
    expect_part_polls(&next, 1);
}

// K07: the loop has been destroyed, before the job or after it.
static void waker_outlives_its_loop(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    for (unsigned i = 0; i < 2; i++) {
        struct sm_loop *loop = entered_loop(trial);
        struct part part = {.trial = trial, .poll = keep};
        struct sm_job *job = spawn_part(loop, &part);
        run(trial, loop);
        if (i == 0) {
            destroy_job(trial, job);
        }
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(loop));
        wake(&part.kept);
        if (i == 1) {
            destroy_job(trial, job);
        }
        use_after_all(trial, &part.kept);
        expect_part_polls(&part, 1);
    }
}

static void begin_waker(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    struct part *part = context;
    struct sm_loop *loop = part->pledge.loop;
    *part = (struct part){.trial = trial, .poll = keep};
    part->pledge.loop = loop;
    spawn_part(loop, part);
    run(trial, loop);
}
static void destroy_beside_wake(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    const struct part *part = context;
    destroy_job(trial, part->job);
}
static void wake_for_good(struct sm_trial *trial, void *context, unsigned round) {
    (void)trial;
    (void)round;
    struct part *part = context;
    part->kept.vtable->wake(part->kept.data);
}
static void expect_nothing_left(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    const struct part *part = context;
    SM_EXPECT_EQUAL(trial, 0, run(trial, part->pledge.loop), "events of a loop whose one job is gone");
    expect_part_polls(part, 1);
}

// The wake comes while the job goes.
static void wake_racing_job_destroy_is_harmless(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct part part = {.trial = trial};
    part.pledge.loop = entered_loop(trial);
    sm_race_run(trial, &(struct sm_race){.begin = begin_waker,
                                         .actors = {destroy_beside_wake, wake_for_good},
                                         .end = expect_nothing_left,
                                         .context = &part,
                                         .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// Destroying

// Never polled; pending; queued to be polled: dropped by the time job_destroy returns, and not polled any more.
static void destroy_drops_the_future_wherever_it_stands(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned polls = 0; polls < 3; polls++) {
        struct sm_script script;
        sm_script_begin(&script, trial);
        sm_script_add(&script, SM_STEP_PENDING, NULL);
        if (polls == 2) {
            sm_script_begin(&script, trial);
            sm_script_add(&script, SM_STEP_CLONE, NULL);
        }
        struct sm_job *job = spawn_script(loop, &script);
        if (polls > 0) {
            run(trial, loop);
        }
        if (polls == 2) {
            script.kept.vtable->wake(script.kept.data);
        }
        destroy_job(trial, job);
        expect_drops(&script, 1);
        SM_EXPECT_EQUAL(trial, sm_thread_id(), atomic_load(&script.drop_thread), "the thread that dropped the future");
        SM_EXPECT_EQUAL(trial, 0, run(trial, loop), "events left of a job that is gone");
        expect_polls(&script, polls > 0 ? 1 : 0);
    }
}

// A value or an error that nobody took goes with the job; one that was taken does not.
static void job_destroy_drops_a_result_not_taken(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < 3; i++) {
        struct sm_script script;
        sm_script_begin(&script, trial);
        void *value = sm_value_make(trial, "ended with");
        sm_script_add(&script, i == 1 ? SM_STEP_FAIL : SM_STEP_READY, value);
        struct sm_job *job = spawn_script(loop, &script);
        run(trial, loop);
        SM_EXPECT_DROPS(trial, 0, value);
        if (i == 2) {
            expect_result(trial, job, value);
        }
        destroy_job(trial, job);
        SM_EXPECT_DROPS(trial, i == 2 ? 0 : 1, value);
    }
}

// drop_awaited is the drop of a future that owns the promise it awaits.
static void drop_awaited(struct part *part) {
    SM_EXPECT_STATUS(part->trial, SM_OK, part->trial->promise->destroy(part->pledge.promise));
}

// DROP-01: two jobs each await a promise of their own; one job goes, and its promise; the other gets its value.
static void destroyed_job_drops_what_it_awaits_and_only_that(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part parts[2] = {{.trial = trial, .poll = await, .drop = drop_awaited},
                            {.trial = trial, .poll = await, .drop = drop_awaited}};
    for (unsigned i = 0; i < 2; i++) {
        parts[i].pledge = new_pledge(trial, loop);
        spawn_part(loop, &parts[i]);
    }
    run(trial, loop);
    destroy_job(trial, parts[0].job);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&parts[0].drops), "drops of the future by the time job_destroy returned");
    void *late = sm_value_make(trial, "too late");
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->promise->fulfill(parts[0].pledge.fulfiller, late));
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&parts[1].drops), "drops of the other job's future");
    void *value = fulfill_new(trial, &parts[1].pledge);
    run(trial, loop);
    expect_result(trial, parts[1].job, value);
}

static enum sm_status destroy_oneself(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                      void **out_value) {
    SM_EXPECT_STATUS(part->trial, SM_REENTRANT, part->trial->promise->job_destroy(part->job));
    return wake_and_end(part, waker, out_poll, out_value);
}

// The job goes on as if it had not been called.
static void job_is_not_destroyed_inside_its_own_poll(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = destroy_oneself, .value = sm_value_make(trial, "ended with")};
    spawn_part(loop, &part);
    run(trial, loop);
    expect_result(trial, part.job, part.value);
    destroy_job(trial, part.job);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&part.drops), "drops of the future");
}

static enum sm_status reenter_the_loop(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                       void **out_value) {
    uint32_t count = 0;
    SM_EXPECT_STATUS(part->trial, SM_REENTRANT, part->trial->promise->loop_turn(part->pledge.loop, &count));
    SM_EXPECT_STATUS(part->trial, SM_REENTRANT, part->trial->promise->loop_run(part->pledge.loop, &count));
    SM_EXPECT_STATUS(part->trial, SM_REENTRANT, part->trial->promise->loop_leave(part->pledge.loop));
    SM_EXPECT_STATUS(part->trial, SM_REENTRANT, part->trial->promise->loop_destroy(part->pledge.loop));
    return wake_and_end(part, waker, out_poll, out_value);
}

// The poll of a job is inside a turn.
static void loop_is_not_used_from_inside_a_poll(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct part part = {.trial = trial, .poll = reenter_the_loop, .value = sm_value_make(trial, "ended with")};
    part.pledge.loop = entered_loop(trial);
    spawn_part(part.pledge.loop, &part);
    run(trial, part.pledge.loop);
    expect_result(trial, part.job, part.value);
}

// ------------------------------------------------------------------------------------------------------------------
// Foreign code, and the end of the loop

static void fulfill_and_wake(struct sm_trial *trial, void *context) {
    struct part *part = context;
    fulfill_elsewhere_body(trial, &part->other);
    if (part->kept.vtable != NULL) {
        wake(&part->kept);
    }
}

// use_everything decides a promise and wakes this job on another thread, and makes and unmakes a promise and a job.
static void use_everything(struct part *part) {
    struct sm_trial *trial = part->trial;
    struct sm_loop *loop = part->pledge.loop;
    part->other = new_pledge(trial, loop);
    part->other.value = sm_value_make(trial, "decided inside foreign code");
    sm_on_thread(trial, fulfill_and_wake, part);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(part->other.promise));
    trial->promise->drop_fulfiller(part->other.fulfiller);
    SM_EXPECT_DROPS(trial, 1, part->other.value);
    struct part inner = {.trial = trial, .poll = pend};
    destroy_job(trial, spawn_part(loop, &inner));
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&inner.drops), "drops of the inner job's future");
    if (part->second != NULL) {
        destroy_job(trial, part->second);
        part->second = NULL;
    }
}

static enum sm_status use_everything_in_poll(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                             void **out_value) {
    keep(part, waker, out_poll, out_value);
    if (atomic_load(&part->polls) == 1) {
        use_everything(part);
    }
    return SM_OK;
}

// A poll makes use of the whole library, and waits for a thread that does; a job that waited to be polled is destroyed.
static void poll_may_use_the_library(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct part part = {.trial = trial, .poll = use_everything_in_poll};
    struct part second = {.trial = trial, .poll = pend};
    part.pledge.loop = entered_loop(trial);
    spawn_part(part.pledge.loop, &part);
    part.second = spawn_part(part.pledge.loop, &second);
    run(trial, part.pledge.loop);
    expect_part_polls(&part, 2);
    expect_part_polls(&second, 0);
}

static enum sm_status end_at_once(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    (void)waker;
    *out_poll = SM_POLL_READY;
    *out_value = part->value;
    return SM_OK;
}

// So does a drop, of a future that is pending and of one that has ended.
static void drop_of_a_future_may_use_the_library(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < 2; i++) {
        struct part part = {.trial = trial, .poll = i == 0 ? keep : end_at_once, .drop = use_everything};
        part.value = sm_value_make(trial, "ended with");
        part.pledge.loop = loop;
        struct sm_job *job = spawn_part(loop, &part);
        run(trial, loop);
        destroy_job(trial, job);
        SM_EXPECT_EQUAL(trial, 1, atomic_load(&part.drops), "drops of the future");
    }
}

static void destroy_job_elsewhere(struct sm_trial *trial, void *context) {
    expect_result_status(trial, context, SM_CLOSED);
    destroy_job(trial, context);
}

// Never polled, pending, and ended: no future is left when loop_destroy returns, and a result goes with its job.
static void loop_destroy_drops_the_futures(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script scripts[3];
    struct sm_job *jobs[3];
    void *value = sm_value_make(trial, "never taken");
    for (unsigned i = 0; i < 3; i++) {
        sm_script_begin(&scripts[i], trial);
    }
    sm_script_add(&scripts[0], SM_STEP_READY, value);
    for (unsigned i = 0; i < 3; i++) {
        jobs[i] = spawn_script(loop, &scripts[i]);
        if (i == 1) {
            run(trial, loop);
        }
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(loop));
    for (unsigned i = 0; i < 3; i++) {
        expect_drops(&scripts[i], 1);
        expect_result_status(trial, jobs[i], SM_CLOSED);
        sm_on_thread(trial, destroy_job_elsewhere, jobs[i]);
        expect_drops(&scripts[i], 1);
    }
    SM_EXPECT_DROPS(trial, 1, value);
}

// drop_owned is the drop of a future that owns a promise and a job.
static void drop_owned(struct part *part) {
    struct sm_trial *trial = part->trial;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(part->pledge.promise));
    destroy_job(trial, part->second);
}

// Futures that own promises and jobs of the loop give them up inside loop_destroy, in whatever order it drops them.
static void futures_give_up_what_they_own_inside_loop_destroy(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part owners[2];
    struct part owned[2];
    for (unsigned i = 0; i < 2; i++) {
        owners[i] = (struct part){.trial = trial, .poll = await, .drop = drop_owned, .pledge = new_pledge(trial, loop)};
        owned[i] = (struct part){.trial = trial, .poll = pend};
        if (i == 0) {
            spawn_part(loop, &owners[i]);
        }
        owners[i].second = spawn_part(loop, &owned[i]);
        if (i == 1) {
            spawn_part(loop, &owners[i]);
        }
    }
    run(trial, loop);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(loop));
    for (unsigned i = 0; i < 2; i++) {
        SM_EXPECT_EQUAL(trial, 1, atomic_load(&owners[i].drops), "drops of the owner");
        SM_EXPECT_EQUAL(trial, 1, atomic_load(&owned[i].drops), "drops of the owned");
        destroy_job(trial, owners[i].job);
        void *late = sm_value_make(trial, "too late");
        SM_EXPECT_STATUS(trial, SM_CLOSED, trial->promise->fulfill(owners[i].pledge.fulfiller, late));
    }
}

const struct sm_case sm_promise_job_end_cases[] = {
    SM_CASE(PROMISE_06, loop_is_not_used_from_inside_a_poll),
    SM_CASE(PROMISE_46, waker_outlives_its_job),
    SM_CASE(PROMISE_46, waker_outlives_its_loop),
    SM_CASE(PROMISE_46, wake_racing_job_destroy_is_harmless),
    SM_CASE(PROMISE_47, destroy_drops_the_future_wherever_it_stands),
    SM_CASE(PROMISE_47, job_destroy_drops_a_result_not_taken),
    SM_CASE(PROMISE_48, destroyed_job_drops_what_it_awaits_and_only_that),
    SM_CASE(PROMISE_54, job_is_not_destroyed_inside_its_own_poll),
    SM_CASE(PROMISE_55, poll_may_use_the_library),
    SM_CASE(PROMISE_55, drop_of_a_future_may_use_the_library),
    SM_CASE(PROMISE_56, loop_destroy_drops_the_futures),
    SM_CASE(PROMISE_56, futures_give_up_what_they_own_inside_loop_destroy),
};
const size_t sm_promise_job_end_case_count = sizeof sm_promise_job_end_cases / sizeof sm_promise_job_end_cases[0];
