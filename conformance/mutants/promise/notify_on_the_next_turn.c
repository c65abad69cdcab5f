// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-07. The notify is called where the loop's thread finds the event: it is never roused to find it.
#include "conformance/mutants/promise/base.h"

static struct {
    void (*notify)(void *context);
    void *context;
} put_off;

static void rouse(void (*notify)(void *context), void *context) {
    if (notify != NULL) {
        put_off.notify = notify;
        put_off.context = context;
    }
}

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    loop_rouse(put_off.notify, put_off.context);
    put_off.notify = NULL;
    return promise_loop_run(loop, out_count);
}

PROMISE_MUTANT("notify_on_the_next_turn", inner.rouse = rouse, ops.loop_run = run)
