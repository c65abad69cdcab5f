// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct loops, promises and jobs, plain enough to be wronged in one place: one mutex for everything, a list of events
// a loop. A mutant includes it, writes one faulty function and offers the rest as it stands. It declares CANCELS,
// REPORTED, and that no operation on an existing object allocates.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_H_

#include "conformance/mutants/promise/base_job.h"

// loop_destroy_status tells whether the caller may destroy the loop.
static enum sm_status loop_destroy_status(const struct sm_loop *loop) {
    if (loop != current) {
        return loop->entered ? SM_WRONG_LOOP : SM_OK;
    }
    return loop->turning ? SM_REENTRANT : SM_OK;
}

// loop_clear closes the promises and drops the futures of a loop, inside of it.
static void loop_clear(struct sm_loop *loop) {
    loop->closing = 1;
    while (loop->promises != NULL) {
        inner.close(loop->promises);
    }
    while (loop->jobs != NULL) {
        struct sm_job *job = loop->jobs;
        job->polling = 1;
        job_unbind(job);
        state_drop(job);
        job->polling = 0;
    }
}

static enum sm_status promise_loop_destroy(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_OK;
    }
    enum sm_status status = loop_destroy_status(loop);
    if (status != SM_OK) {
        return status;
    }
    struct sm_loop *outer = current;
    current = loop;
    loop->turning = 1;
    loop_clear(loop);
    current = outer == loop ? NULL : outer;
    free(loop);
    return SM_OK;
}

// PROMISE_MUTANT offers the above with `changes` made to its table: PROMISE_MUTANT("turn_counts_nothing", ops.loop_turn
// = turn).
#define PROMISE_MUTANT(mutant_name, ... /* changes */)                                                                 \
    SM_EXPORT const struct sm_implementation *slotmark_implementation(void) {                                          \
        static struct sm_promise_ops ops = {.size = sizeof ops,                                                        \
                                            .progress = SM_PROGRESS_BLOCKING,                                          \
                                            .out_of_memory = SM_OUT_OF_MEMORY_NEVER,                                   \
                                            .undecided = SM_UNDECIDED_CANCELS,                                         \
                                            .fault = SM_FAULT_REPORTED,                                                \
                                            .loop_create = promise_loop_create,                                        \
                                            .loop_destroy = promise_loop_destroy,                                      \
                                            .loop_enter = promise_loop_enter,                                          \
                                            .loop_leave = promise_loop_leave,                                          \
                                            .loop_turn = promise_loop_turn,                                            \
                                            .loop_run = promise_loop_run,                                              \
                                            .create = promise_create,                                                  \
                                            .fulfill = promise_fulfill,                                                \
                                            .reject = promise_reject,                                                  \
                                            .share = promise_share,                                                    \
                                            .drop_fulfiller = promise_drop_fulfiller,                                  \
                                            .poll = promise_poll,                                                      \
                                            .destroy = promise_destroy,                                                \
                                            .job_spawn = promise_job_spawn,                                            \
                                            .job_result = promise_job_result,                                          \
                                            .job_destroy = promise_job_destroy};                                       \
        static const struct sm_implementation implementation = {                                                       \
            .abi = SM_ABI, .size = sizeof implementation, .name = mutant_name, .version = "mutant", .promise = &ops};  \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_H_
