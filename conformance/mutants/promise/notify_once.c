// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-07. The flag that says that the thread sleeps is set when the loop is made, and not again when it runs
// dry.
#include "conformance/mutants/promise/base.h"

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    int idle = loop != NULL && loop->idle;
    enum sm_status status = promise_loop_run(loop, out_count);
    if (status == SM_OK) {
        loop->idle = idle;
    }
    return status;
}

static enum sm_status create(void (*notify)(void *context), void *context, struct sm_loop **out_loop) {
    enum sm_status status = promise_loop_create(notify, context, out_loop);
    if (status == SM_OK) {
        (*out_loop)->idle = 1;
    }
    return status;
}

PROMISE_MUTANT("notify_once", ops.loop_run = run, ops.loop_create = create)
