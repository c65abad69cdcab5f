// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-36. There is one queue of events in the process, and whichever loop turns takes what is there.
#include "conformance/mutants/promise/base.h"

static struct sm_loop *shared; // NULL: whose it was is destroyed

static struct sm_loop *queue_of(struct sm_loop *loop) {
    return shared != NULL ? shared : loop;
}

static enum sm_status create(void (*notify)(void *context), void *context, struct sm_loop **out_loop) {
    enum sm_status status = promise_loop_create(notify, context, out_loop);
    shared = shared == NULL && status == SM_OK ? *out_loop : shared;
    return status;
}

static enum sm_status destroy(struct sm_loop *loop) {
    enum sm_status status = promise_loop_destroy(loop);
    shared = status == SM_OK && loop == shared ? NULL : shared;
    return status;
}

static void append(struct sm_loop *loop, struct event *event) {
    event_append(queue_of(loop), event);
}

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = turn_status(loop, out_count);
    if (status == SM_OK) {
        *out_count = dispatch_up_to(queue_of(loop), UINT32_MAX);
    }
    return status;
}

PROMISE_MUTANT("loops_share_a_queue", inner.append = append, ops.loop_create = create, ops.loop_destroy = destroy,
               ops.loop_run = run)
