// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `promise`: jobs. A case looks at one requirement and at nothing else.
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/promise_fixture.h"

enum { ROUNDS = 2000 };

static void *word(uintptr_t bits) {
    return (void *)bits;
}

static struct sm_job *spawn_source(struct sm_trial *trial, struct sm_loop *loop, struct sm_future_source source) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_job *job = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_spawn(loop, &source, sm_value_type_tracked(trial), &job));
    SM_EXPECT(trial, job != NULL, "a job from job_spawn");
    return job;
}

static struct sm_job *spawn_script(struct sm_loop *loop, struct sm_script *script) {
    return spawn_source(script->trial, loop, sm_script_source(script, SM_FORM_LOCAL));
}

static void destroy_job(struct sm_trial *trial, struct sm_job *job) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(job));
}

static void expect_polls(const struct sm_script *script, unsigned polls) {
    SM_EXPECT_EQUAL(script->trial, polls, atomic_load(&script->polls), "polls of the future");
}

static void expect_drops(const struct sm_script *script, unsigned times) {
    SM_EXPECT_EQUAL(script->trial, times, atomic_load(&script->drops), "drops of the future");
}

static void expect_unfinished(struct sm_trial *trial, struct sm_job *job) {
    enum sm_poll found = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_result(job, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, found);
}

static void expect_result(struct sm_trial *trial, struct sm_job *job, const void *value) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_result(job, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, found);
    SM_EXPECT_VALUE(trial, value, out, "the result of the job");
}

static void expect_result_status(struct sm_trial *trial, struct sm_job *job, enum sm_status status) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, status, trial->promise->job_result(job, &found, &out));
}

// wake wakes by reference, as often as the case likes; release gives the reference up.
static void wake(const struct sm_waker *waker) {
    waker->vtable->wake_by_ref(waker->data);
}
static void release(const struct sm_waker *waker) {
    waker->vtable->drop(waker->data);
}

// part is a future of the case's that has its waker at hand: what it does in a poll, and in its drop, is a function.
struct part {
    struct sm_trial *trial;
    enum sm_status (*poll)(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value);
    void (*drop)(struct part *part);
    atomic_uint polls;
    atomic_uint drops;
    struct pledge pledge; // that it awaits
    struct pledge other;
    struct sm_job *job; // its own, or one that it has to do with
    struct sm_job *second;
    struct part *parts;
    struct sm_waker kept;
    void *value;
    unsigned long allocations;
    unsigned *log; // where the order of polls is written
    unsigned number;
    unsigned letter;
};

static enum sm_status poll_part(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct part *part;
    memcpy(&part, state, sizeof(struct part *));
    atomic_fetch_add(&part->polls, 1);
    *out_poll = SM_POLL_PENDING;
    return part->poll(part, waker, out_poll, out_value);
}

static void drop_part(void *state) {
    struct part *part;
    memcpy(&part, state, sizeof(struct part *));
    if (atomic_fetch_add(&part->drops, 1) != 0) {
        sm_fail(part->trial, SM_HERE, "each future dropped once", "a second drop");
    }
    if (part->drop != NULL) {
        part->drop(part);
    }
}

static struct sm_job *spawn_part(struct sm_loop *loop, struct part *part) {
    static const struct sm_future_vtable vtable = {sizeof(struct part *), _Alignof(struct part *), poll_part,
                                                   drop_part};
    const struct sm_future_source source = {sizeof source, SM_FORM_LOCAL, &vtable, &part};
    part->job = spawn_source(part->trial, loop, source);
    return part->job;
}

static void expect_part_polls(const struct part *part, unsigned polls) {
    SM_EXPECT_EQUAL(part->trial, polls, atomic_load(&part->polls), "polls of the future");
}

// await is the poll of a future that awaits part->pledge, and ends as it does.
static enum sm_status await(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    return part->trial->promise->poll(part->pledge.promise, waker, out_poll, out_value);
}

// pend is that of one that never ends.
static enum sm_status pend(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)part;
    (void)waker;
    (void)out_poll;
    (void)out_value;
    return SM_OK;
}

// keep keeps a clone of its first waker for the case, and pends.
static enum sm_status keep(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)out_poll;
    (void)out_value;
    if (part->kept.vtable == NULL) {
        SM_EXPECT_STATUS(part->trial, SM_OK, waker->vtable->clone(waker->data, &part->kept));
    }
    if (part->log != NULL) {
        *part->log = *part->log * 10 + part->number;
    }
    return SM_OK;
}

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

static void wake_elsewhere(struct sm_trial *trial, void *context) {
    (void)trial;
    const struct part *part = context;
    wake(&part->kept);
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

// wake_and_end wakes its waker in the poll that ends it.
static enum sm_status wake_and_end(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    wake(waker);
    *out_poll = SM_POLL_READY;
    *out_value = part->value;
    return SM_OK;
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

const struct sm_case sm_promise_job_cases[] = {
    SM_CASE(PROMISE_06, loop_is_not_used_from_inside_a_poll),
    SM_CASE(PROMISE_07, wake_notifies_an_idle_loop),
    SM_CASE(PROMISE_09, jobs_are_refused_off_their_loop),
    SM_CASE(PROMISE_25, foreign_waker_in_a_job_is_cloned_once),
    SM_CASE(PROMISE_29, promise_outlives_the_job_that_polled_it),
    SM_CASE(PROMISE_29, next_poller_is_told),
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
    SM_CASE(PROMISE_46, waker_outlives_its_job),
    SM_CASE(PROMISE_46, waker_outlives_its_loop),
    SM_CASE(PROMISE_46, wake_racing_job_destroy_is_harmless),
    SM_CASE(PROMISE_47, destroy_drops_the_future_wherever_it_stands),
    SM_CASE(PROMISE_47, job_destroy_drops_a_result_not_taken),
    SM_CASE(PROMISE_48, destroyed_job_drops_what_it_awaits_and_only_that),
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
    SM_CASE(PROMISE_54, job_is_not_destroyed_inside_its_own_poll),
    SM_CASE(PROMISE_55, poll_may_use_the_library),
    SM_CASE(PROMISE_55, drop_of_a_future_may_use_the_library),
    SM_CASE(PROMISE_56, loop_destroy_drops_the_futures),
    SM_CASE(PROMISE_56, futures_give_up_what_they_own_inside_loop_destroy),
    SM_CASE(PROMISE_57, source_may_go_after_spawn),
    SM_CASE(PROMISE_57, state_keeps_its_place),
};
const size_t sm_promise_job_case_count = sizeof sm_promise_job_cases / sizeof sm_promise_job_cases[0];
