// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of jobs share: jobs of scripts, jobs of parts (futures whose poll is a function of the case's), and
// what they are expected to have come to.
#ifndef SLOTMARK_CONFORMANCE_PROMISE_JOB_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_PROMISE_JOB_FIXTURE_H_

#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/script.h"
#include "conformance/harness/value.h"
#include "conformance/promise_fixture.h"

static inline struct sm_job *spawn_source(struct sm_trial *trial, struct sm_loop *loop,
                                          struct sm_future_source source) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_job *job = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_spawn(loop, &source, sm_value_type_tracked(trial), &job));
    SM_EXPECT(trial, job != NULL, "a job from job_spawn");
    return job;
}

static inline struct sm_job *spawn_script(struct sm_loop *loop, struct sm_script *script) {
    return spawn_source(script->trial, loop, sm_script_source(script, SM_FORM_LOCAL));
}

static inline void destroy_job(struct sm_trial *trial, struct sm_job *job) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(job));
}

static inline void expect_polls(const struct sm_script *script, unsigned polls) {
    SM_EXPECT_EQUAL(script->trial, polls, atomic_load(&script->polls), "polls of the future");
}

static inline void expect_drops(const struct sm_script *script, unsigned times) {
    SM_EXPECT_EQUAL(script->trial, times, atomic_load(&script->drops), "drops of the future");
}

static inline void expect_unfinished(struct sm_trial *trial, struct sm_job *job) {
    enum sm_poll found = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_result(job, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, found);
}

static inline void expect_result(struct sm_trial *trial, struct sm_job *job, const void *value) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_result(job, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, found);
    SM_EXPECT_VALUE(trial, value, out, "the result of the job");
}

static inline void expect_result_status(struct sm_trial *trial, struct sm_job *job, enum sm_status status) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, status, trial->promise->job_result(job, &found, &out));
}

// wake wakes by reference, as often as the case likes; release gives the reference up.
static inline void wake(const struct sm_waker *waker) {
    waker->vtable->wake_by_ref(waker->data);
}
static inline void release(const struct sm_waker *waker) {
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

static inline enum sm_status poll_part(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                       void **out_value) {
    struct part *part;
    memcpy(&part, state, sizeof(struct part *));
    atomic_fetch_add(&part->polls, 1);
    *out_poll = SM_POLL_PENDING;
    return part->poll(part, waker, out_poll, out_value);
}

static inline void drop_part(void *state) {
    struct part *part;
    memcpy(&part, state, sizeof(struct part *));
    if (atomic_fetch_add(&part->drops, 1) != 0) {
        sm_fail(part->trial, SM_HERE, "each future dropped once", "a second drop");
    }
    if (part->drop != NULL) {
        part->drop(part);
    }
}

static inline struct sm_job *spawn_part(struct sm_loop *loop, struct part *part) {
    static const struct sm_future_vtable vtable = {sizeof(struct part *), _Alignof(struct part *), poll_part,
                                                   drop_part};
    const struct sm_future_source source = {sizeof source, SM_FORM_LOCAL, &vtable, &part};
    part->job = spawn_source(part->trial, loop, source);
    return part->job;
}

static inline void expect_part_polls(const struct part *part, unsigned polls) {
    SM_EXPECT_EQUAL(part->trial, polls, atomic_load(&part->polls), "polls of the future");
}

// await is the poll of a future that awaits part->pledge, and ends as it does.
static inline enum sm_status await(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    return part->trial->promise->poll(part->pledge.promise, waker, out_poll, out_value);
}

// pend is that of one that never ends.
static inline enum sm_status pend(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    (void)part;
    (void)waker;
    (void)out_poll;
    (void)out_value;
    return SM_OK;
}

// keep keeps a clone of its first waker for the case, and pends.
static inline enum sm_status keep(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
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

static inline void wake_elsewhere(struct sm_trial *trial, void *context) {
    (void)trial;
    const struct part *part = context;
    wake(&part->kept);
}

// wake_and_end wakes its waker in the poll that ends it.
static inline enum sm_status wake_and_end(struct part *part, const struct sm_waker *waker, enum sm_poll *out_poll,
                                          void **out_value) {
    wake(waker);
    *out_poll = SM_POLL_READY;
    *out_value = part->value;
    return SM_OK;
}

#endif // SLOTMARK_CONFORMANCE_PROMISE_JOB_FIXTURE_H_
