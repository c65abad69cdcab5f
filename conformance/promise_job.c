// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `promise`: jobs, from the spawn to the result. A case looks at one requirement and at
// nothing else.
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"
#include "conformance/promise_job_fixture.h"

// ------------------------------------------------------------------------------------------------------------------
// Spawning

// A source that cannot be boxed stays the caller's: its future is neither polled nor dropped.
static void unsound_sources_are_refused(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    const struct sm_future_source sound = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_future_vtable vtables[3] = {*sound.vtable, *sound.vtable, *sound.vtable};
    vtables[0].align = 0;
    vtables[1].align = 24;
    vtables[2].align = 8192;
    struct sm_future_source unsound[6];
    for (unsigned i = 0; i < 6; i++) {
        unsound[i] = sound;
    }
    for (unsigned i = 0; i < 3; i++) {
        unsound[i].vtable = &vtables[i];
    }
    unsound[3].vtable = NULL;
    unsound[4].state = NULL;
    unsound[5].form = 7;
    for (unsigned i = 0; i < 6; i++) {
        struct sm_job *job = NULL;
        SM_EXPECT_STATUS(trial, SM_INVALID,
                         trial->promise->job_spawn(loop, &unsound[i], sm_value_type_tracked(trial), &job));
    }
    run(trial, loop);
    expect_polls(&script, 0);
    expect_drops(&script, 0);
}

// Every parameter that must not be NULL.
static void null_arguments_of_jobs_are_invalid(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    const struct sm_promise_ops *ops = trial->promise;
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_READY, NULL);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    const struct sm_value_type *type = sm_value_type_word(trial);
    struct sm_job *job = NULL;
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->job_spawn(NULL, &source, type, &job));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->job_spawn(loop, NULL, type, &job));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->job_spawn(loop, &source, NULL, &job));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->job_spawn(loop, &source, type, NULL));
    expect_drops(&script, 0);
    SM_EXPECT_STATUS(trial, SM_OK, ops->job_spawn(loop, &source, type, &job));
    run(trial, loop);
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->job_result(NULL, &found, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->job_result(job, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->job_result(job, &found, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, ops->job_destroy(NULL));
    expect_result(trial, job, NULL);
}

// K09: the future is polled by the turn after the spawn, not in it.
static void spawn_does_not_poll(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    run(trial, loop);
    struct sm_script script;
    sm_script_begin(&script, trial);
    spawn_script(loop, &script);
    expect_polls(&script, 0);
    SM_EXPECT_EQUAL(trial, 1, turn(trial, loop), "events of a turn after a spawn");
    expect_polls(&script, 1);
}

// K09: it is polled though nobody asks for its result, and though nobody else does anything.
static void spawned_job_runs_to_its_end_unasked(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_READY, sm_value_make(trial, "never asked for"));
    spawn_script(loop, &script);
    run(trial, loop);
    expect_polls(&script, 2);
}

// The source's bytes, and the source itself, are written over after the spawn.
static void source_may_go_after_spawn(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    void *value = sm_value_make(trial, "ready with");
    sm_script_add(&script, SM_STEP_READY, value);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_job *job = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_spawn(loop, &source, sm_value_type_tracked(trial), &job));
    memset((void *)(uintptr_t)source.state, 0, source.vtable->size);
    memset(&source, 0, sizeof source);
    run(trial, loop);
    expect_result(trial, job, value);
}

// Small and large alignments; three polls and the drop see one address.
static void state_keeps_its_place(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    for (size_t align = 1; align <= 4096; align *= 2) {
        struct sm_script script;
        sm_script_begin(&script, trial);
        sm_script_add(&script, SM_STEP_WAKE, NULL);
        sm_script_add(&script, SM_STEP_WAKE, NULL);
        struct sm_job *job = spawn_source(trial, loop, sm_script_source_aligned(&script, SM_FORM_LOCAL, align));
        run(trial, loop);
        destroy_job(trial, job);
        expect_polls(&script, 3);
        SM_EXPECT_EQUAL(trial, 0, script.relocations, "moves of the state");
        SM_EXPECT_EQUAL(trial, 0, script.misalignments, "polls of a state that is not aligned");
    }
}

struct off_loop {
    struct sm_loop *loop;
    struct sm_job *job;
};

static void use_job_off_loop(struct sm_trial *trial, void *context) {
    const struct off_loop *off = context;
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_job *job = NULL;
    SM_EXPECT_STATUS(trial, SM_WRONG_LOOP,
                     trial->promise->job_spawn(off->loop, &source, sm_value_type_tracked(trial), &job));
    expect_drops(&script, 0);
    expect_result_status(trial, off->job, SM_WRONG_LOOP);
    SM_EXPECT_STATUS(trial, SM_WRONG_LOOP, trial->promise->job_destroy(off->job));
}

// LOOP-01: spawn, result and destroy on another thread; the job goes on.
static void jobs_are_refused_off_their_loop(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    void *value = sm_value_make(trial, "ready with");
    sm_script_add(&script, SM_STEP_READY, value);
    struct off_loop off = {loop, spawn_script(loop, &script)};
    sm_on_thread(trial, use_job_off_loop, &off);
    run(trial, loop);
    sm_on_thread(trial, use_job_off_loop, &off);
    SM_EXPECT_DROPS(trial, 0, value);
    expect_result(trial, off.job, value);
}

// ------------------------------------------------------------------------------------------------------------------
// Wakes

// Runs and turns without a wake do not poll.
static void pending_job_is_polled_only_when_woken(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = keep};
    spawn_part(loop, &part);
    for (unsigned i = 0; i < 3; i++) {
        run(trial, loop);
        turn(trial, loop);
        expect_part_polls(&part, 1);
    }
    wake(&part.kept);
    run(trial, loop);
    expect_part_polls(&part, 2);
    run(trial, loop);
    expect_part_polls(&part, 2);
}

// Many wakes, of several clones, before the poll that they cause.
static void wakes_before_a_poll_are_one(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = keep};
    spawn_part(loop, &part);
    run(trial, loop);
    for (unsigned round = 2; round <= 4; round++) {
        struct sm_waker second;
        SM_EXPECT_STATUS(trial, SM_OK, part.kept.vtable->clone(part.kept.data, &second));
        wake(&part.kept);
        second.vtable->wake(second.data);
        wake(&part.kept);
        run(trial, loop);
        expect_part_polls(&part, round);
    }
}

// K06: the waker that was lent is woken inside the poll.
static void wake_inside_a_poll_causes_another(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    spawn_script(loop, &script);
    turn(trial, loop);
    expect_polls(&script, 1);
    run(trial, loop);
    expect_polls(&script, 3);
}

// wake_clone wakes a clone of its waker, several times, in its first poll.
static enum sm_status wake_clone(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                 void **out_value) {
    (void)out_poll;
    (void)out_value;
    if (atomic_load(&part->polls) == 1) {
        struct sm_waker clone;
        SM_EXPECT_STATUS(part->trial, SM_OK, waker->vtable->clone(waker->data, &clone));
        wake(&clone);
        wake(waker);
        clone.vtable->wake(clone.data);
    }
    return SM_OK;
}

// K06: clones too, and however many wakes there were, there is one more poll.
static void wake_of_a_clone_inside_a_poll_causes_one_more(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = wake_clone};
    spawn_part(loop, &part);
    run(trial, loop);
    expect_part_polls(&part, 2);
}

static void wake_on_this_stack(struct sm_trial *trial, void *context) {
    struct part *part = context;
    unsigned polls = atomic_load(&part->polls);
    wake(&part->kept);
    SM_EXPECT_EQUAL(trial, polls, atomic_load(&part->polls), "polls by the time the wake returned");
}

// K11: a wake returns before the poll that it causes, on the loop's thread and on another: it may be made under a lock
// that the poll needs.
static void wake_does_not_poll(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = keep};
    spawn_part(loop, &part);
    run(trial, loop);
    wake_on_this_stack(trial, &part);
    run(trial, loop);
    sm_on_thread(trial, wake_on_this_stack, &part);
    run(trial, loop);
    expect_part_polls(&part, 3);
}

// note_letter notes what it reads in each poll after the first.
static enum sm_status note_letter(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    part->number = part->letter;
    return keep(part, waker, out_poll, out_value);
}

static void write_and_wake(struct sm_trial *trial, void *context, unsigned round) {
    (void)trial;
    struct part *part = context;
    part->letter = round + 1;
    wake(&part->kept);
}

static void run_until_polled(struct sm_trial *trial, void *context, unsigned round) {
    struct part *part = context;
    while (atomic_load(&part->polls) < round + 2) {
        run(trial, part->pledge.loop);
        sched_yield();
    }
    SM_EXPECT_EQUAL(trial, round + 1, part->number, "what was written before the wake, seen by the poll");
}

// W08. A wake of another thread's while the loop runs: polled, and what was written before is seen.
static void wake_of_another_thread_is_polled_for(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct part part = {.trial = trial, .poll = note_letter};
    part.pledge.loop = entered_loop(trial);
    spawn_part(part.pledge.loop, &part);
    run(trial, part.pledge.loop);
    sm_race_run(trial,
                &(struct sm_race){.actors = {run_until_polled, write_and_wake}, .context = &part, .rounds = ROUNDS});
}

// note_thread notes the thread that polls.
static enum sm_status note_thread(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    part->number = (unsigned)sm_thread_id();
    return keep(part, waker, out_poll, out_value);
}

// The poll is on the loop's thread.
static void woken_job_is_polled_on_the_loop(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = note_thread};
    spawn_part(loop, &part);
    run(trial, loop);
    part.number = 0;
    sm_on_thread(trial, wake_elsewhere, &part);
    run(trial, loop);
    expect_part_polls(&part, 2);
    SM_EXPECT_EQUAL(trial, sm_thread_id(), part.number, "the thread that polled");
}

struct bell {
    atomic_uint rings;
};
static void ring(void *context) {
    struct bell *bell = context;
    atomic_fetch_add(&bell->rings, 1);
}

// A wake, and a spawn, rouse an idle loop.
static void wake_notifies_an_idle_loop(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct bell bell = {0};
    struct sm_loop *loop = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(ring, &bell, &loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(loop));
    struct part part = {.trial = trial, .poll = keep};
    spawn_part(loop, &part);
    for (unsigned i = 0; i < 3; i++) {
        run(trial, loop);
        atomic_store(&bell.rings, 0);
        sm_on_thread(trial, wake_elsewhere, &part);
        SM_EXPECT(trial, atomic_load(&bell.rings) != 0, "notify called by the time the wake returned");
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Results

// PENDING before the end, the value once, SM_COMPLETED after; asking does not poll.
static void result_is_given_once(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    void *value = sm_value_make(trial, "ready with");
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_READY, value);
    struct sm_job *job = spawn_script(loop, &script);
    expect_unfinished(trial, job);
    turn(trial, loop);
    expect_unfinished(trial, job);
    expect_polls(&script, 1);
    run(trial, loop);
    expect_result(trial, job, value);
    expect_result_status(trial, job, SM_COMPLETED);
    expect_polls(&script, 2);
}

// The error likewise, and told apart.
static void error_of_a_job_is_given_once(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    void *error = sm_value_make(trial, "failed with");
    sm_script_add(&script, SM_STEP_FAIL, error);
    struct sm_job *job = spawn_script(loop, &script);
    run(trial, loop);
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_FAILED, trial->promise->job_result(job, &found, &out));
    SM_EXPECT_VALUE(trial, error, out, "the error of the job");
    expect_result_status(trial, job, SM_COMPLETED);
}

// K10, POLL-04, REPORTED: the fault is the job's result, once, and other jobs go on.
static void fault_is_reported(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    SM_NEED_DECLARED(trial, trial->promise->fault == SM_FAULT_REPORTED, "a fault is declared to end the process");
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script faulty;
    struct sm_script sound;
    sm_script_begin(&faulty, trial);
    sm_script_begin(&sound, trial);
    sm_script_add(&faulty, SM_STEP_FAULT, NULL);
    struct sm_job *job = spawn_script(loop, &faulty);
    spawn_script(loop, &sound);
    run(trial, loop);
    expect_result_status(trial, job, SM_FAULT);
    expect_result_status(trial, job, SM_COMPLETED);
    expect_polls(&sound, 1);
    destroy_job(trial, job);
}

// ABORTS: a process of its own polls the future that breaks down, and does not live to say so.
static void fault_ends_the_process(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    SM_NEED_DECLARED(trial, trial->promise->fault == SM_FAULT_ABORTS, "a fault is declared to be reported");
    enum { SURVIVED = 42 };
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_FAULT, NULL);
    spawn_script(loop, &script);
    pid_t child = fork();
    SM_SET_UP(trial, child >= 0, "a second process");
    if (child == 0) {
        signal(SIGABRT, SIG_DFL); // its end is no crash of the case
        uint32_t count = 0;
        trial->promise->loop_run(loop, &count);
        _exit(SURVIVED);
    }
    int ended = 0;
    SM_SET_UP(trial, waitpid(child, &ended, 0) == child, "the end of the second process");
    SM_EXPECT(trial, !WIFEXITED(ended) || WEXITSTATUS(ended) != SURVIVED, "the end of the process by a fault");
}

// expect_end runs a future that ends by `last`, and wakes it after.
static void expect_end(struct sm_trial *trial, enum sm_step_kind last) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    sm_script_add(&script, last, last == SM_STEP_FAULT ? NULL : sm_value_make(trial, "ended with"));
    struct sm_job *job = spawn_script(loop, &script);
    run(trial, loop);
    wake(&script.kept);
    run(trial, loop);
    expect_polls(&script, 2);
    wake(&script.kept);
    run(trial, loop);
    expect_polls(&script, 2);
    destroy_job(trial, job);
    expect_drops(&script, 1);
    release(&script.kept);
}

// K11: woken after its end, a future is not polled again; by the time its job is gone it was dropped once.
static void ready_future_is_not_polled_again(struct sm_trial *trial) {
    expect_end(trial, SM_STEP_READY);
}
static void failed_future_is_not_polled_again(struct sm_trial *trial) {
    expect_end(trial, SM_STEP_FAIL);
}
static void faulted_future_is_not_polled_again(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    SM_NEED_DECLARED(trial, trial->promise->fault == SM_FAULT_REPORTED, "a fault is declared to end the process");
    expect_end(trial, SM_STEP_FAULT);
}

// A wake inside the poll that ends the future comes to nothing.
static void wake_inside_the_last_poll_comes_to_nothing(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = wake_and_end, .value = sm_value_make(trial, "ended with")};
    struct sm_job *job = spawn_part(loop, &part);
    run(trial, loop);
    expect_part_polls(&part, 1);
    expect_result(trial, job, part.value);
}

const struct sm_case sm_promise_job_cases[] = {
    SM_CASE(PROMISE_07, wake_notifies_an_idle_loop),
    SM_CASE(PROMISE_09, jobs_are_refused_off_their_loop),
    SM_CASE(PROMISE_37, unsound_sources_are_refused),
    SM_CASE(PROMISE_37, null_arguments_of_jobs_are_invalid),
    SM_CASE(PROMISE_38, spawn_does_not_poll),
    SM_CASE(PROMISE_38, spawned_job_runs_to_its_end_unasked),
    SM_CASE(PROMISE_39, pending_job_is_polled_only_when_woken),
    SM_CASE(PROMISE_39, wakes_before_a_poll_are_one),
    SM_CASE(PROMISE_40, wake_inside_a_poll_causes_another),
    SM_CASE(PROMISE_40, wake_of_a_clone_inside_a_poll_causes_one_more),
    SM_CASE(PROMISE_41, wake_does_not_poll),
    SM_CASE(PROMISE_42, woken_job_is_polled_on_the_loop),
    SM_CASE(PROMISE_42, wake_of_another_thread_is_polled_for),
    SM_CASE(PROMISE_43, result_is_given_once),
    SM_CASE(PROMISE_43, error_of_a_job_is_given_once),
    SM_CASE(PROMISE_44, fault_is_reported),
    SM_CASE(PROMISE_44, fault_ends_the_process),
    SM_CASE(PROMISE_45, ready_future_is_not_polled_again),
    SM_CASE(PROMISE_45, failed_future_is_not_polled_again),
    SM_CASE(PROMISE_45, faulted_future_is_not_polled_again),
    SM_CASE(PROMISE_45, wake_inside_the_last_poll_comes_to_nothing),
    SM_CASE(PROMISE_57, source_may_go_after_spawn),
    SM_CASE(PROMISE_57, state_keeps_its_place),
};
const size_t sm_promise_job_case_count = sizeof sm_promise_job_cases / sizeof sm_promise_job_cases[0];
