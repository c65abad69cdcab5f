// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-01. A loop begins with the event that wakes its thread for the first time, and counts it.
#include "conformance/mutants/promise/base.h"

static void nothing(struct event *event) {
    event->queued = 0;
}

static struct event start = {NULL, 0, nothing};

static enum sm_status create(void (*notify)(void *context), void *context, struct sm_loop **out_loop) {
    enum sm_status status = promise_loop_create(notify, context, out_loop);
    if (status == SM_OK) {
        start.queued = 0;
        post(*out_loop, &start);
    }
    return status;
}

PROMISE_MUTANT("new_loop_has_an_event", ops.loop_create = create)
