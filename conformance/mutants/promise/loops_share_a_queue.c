// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-36. There is one queue of events in the process, and whichever loop turns takes what is there.
#include "conformance/mutants/promise/base.h"

static struct sm_loop *shared;

static enum sm_status create(void (*notify)(void *context), void *context, struct sm_loop **out_loop) {
    enum sm_status status = promise_loop_create(notify, context, out_loop);
    shared = shared == NULL && status == SM_OK ? *out_loop : shared;
    return status;
}

static void append(struct sm_loop *loop, struct event *event) {
    (void)loop;
    event_append(shared, event);
}

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = turn_status(loop, out_count);
    if (status == SM_OK) {
        *out_count = dispatch_up_to(shared, UINT32_MAX);
    }
    return status;
}

PROMISE_MUTANT("loops_share_a_queue", inner.append = append, ops.loop_create = create, ops.loop_run = run)
