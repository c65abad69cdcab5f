// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of executors share: a host that schedules one task, and what it is expected to have been asked.
#ifndef SLOTMARK_CONFORMANCE_CALL_EXECUTOR_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_CALL_EXECUTOR_FIXTURE_H_

#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/script.h"
#include "conformance/harness/value.h"

// loop is the host's executor, for one task at a time, and what became of that task.
struct loop {
    struct sm_trial *trial;
    struct sm_executor_host host;
    struct sm_executor *executor;
    _Atomic(enum sm_schedule) answer; // of schedule
    void (*in_schedule)(struct loop *loop);
    void (*in_done)(struct loop *loop);
    void *context; // of the two
    struct sm_script script;

    void (*run)(void *data, enum sm_schedule code); // the same for all tasks
    _Atomic(void *) due;                            // what run is to be called with; NULL: nothing is due
    atomic_uint schedules;                          // that were accepted
    atomic_uint refusals;
    atomic_uint released;
    atomic_uint done;
    enum sm_status status; // that done was called with
    void *value;
    unsigned drops_at_done;
    unsigned released_at_done;
};

static inline enum sm_schedule schedule(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    struct loop *loop = context;
    if (loop->in_schedule != NULL) {
        loop->in_schedule(loop);
    }
    enum sm_schedule answer = atomic_load_explicit(&loop->answer, memory_order_relaxed);
    if (answer != SM_SCHEDULE_SUCCESS) {
        atomic_fetch_add_explicit(&loop->refusals, 1, memory_order_relaxed);
        return answer;
    }
    if (atomic_load_explicit(&loop->schedules, memory_order_relaxed) == 0) {
        loop->run = run; // by the spawn
    }
    atomic_fetch_add_explicit(&loop->schedules, 1, memory_order_relaxed);
    // relaxed, as everything here: what a wake publishes is published by the library.
    if (atomic_exchange_explicit(&loop->due, data, memory_order_relaxed) != NULL) {
        sm_fail(loop->trial, SM_HERE, "one task that is due", "a second one");
    }
    return SM_SCHEDULE_SUCCESS;
}

static inline void released(void *context) {
    struct loop *loop = context;
    atomic_fetch_add(&loop->released, 1);
}

static inline void keep_done(void *data, enum sm_status status, void *value) {
    struct loop *loop = data;
    loop->status = status;
    loop->value = value;
    loop->drops_at_done = atomic_load(&loop->script.drops);
    loop->released_at_done = atomic_load(&loop->released);
    atomic_fetch_add(&loop->done, 1);
    if (loop->in_done != NULL) {
        loop->in_done(loop);
    }
}

static inline void begin_loop(struct sm_trial *trial, struct loop *loop) {
    SM_NEED(trial, call, executor_create);
    memset(loop, 0, sizeof *loop);
    loop->trial = trial;
    loop->host = (struct sm_executor_host){sizeof loop->host, loop, schedule, released};
    sm_script_begin(&loop->script, trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->executor_create(&loop->host, &loop->executor));
    SM_EXPECT(trial, loop->executor != NULL, "an executor from executor_create");
}

static inline void spawn_source(struct loop *loop, const struct sm_future_source *source) {
    SM_EXPECT_STATUS(
        loop->trial, SM_OK,
        loop->trial->call->executor_spawn(loop->executor, source, sm_value_type_tracked(loop->trial), keep_done, loop));
}

// run_as calls the task that is due. Returns whether there was one.
static inline int run_as(struct loop *loop, enum sm_schedule code) {
    void *data = atomic_exchange_explicit(&loop->due, NULL, memory_order_relaxed);
    if (data != NULL) {
        loop->run(data, code);
    }
    return data != NULL;
}

static inline void run(struct loop *loop) {
    SM_EXPECT(loop->trial, run_as(loop, SM_SCHEDULE_SUCCESS), "a task that is due");
}

static inline void wake(const struct sm_waker *kept) {
    kept->vtable->wake_by_ref(kept->data);
}

static inline void drop_waker(const struct sm_waker *kept) {
    kept->vtable->drop(kept->data);
}

static inline void expect_done(struct loop *loop, unsigned times, enum sm_status status) {
    SM_EXPECT_EQUAL(loop->trial, times, atomic_load(&loop->done), "times done was called");
    if (times != 0) {
        SM_EXPECT_STATUS(loop->trial, status, loop->status);
    }
}

static inline void destroy(struct loop *loop) {
    loop->trial->call->executor_destroy(loop->executor);
}

#endif // SLOTMARK_CONFORMANCE_CALL_EXECUTOR_FIXTURE_H_
