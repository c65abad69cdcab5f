// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-05. A run takes the events that are there and leaves those that they cause to the next, for fairness,
// though nobody calls it again.
#include "conformance/mutants/promise/base.h"

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = turn_status(loop, out_count);
    uint32_t most = 0;
    if (status != SM_OK) {
        return status;
    }
    for (const struct event *event = loop->first; event != NULL; event = event->next) {
        most++;
    }
    *out_count = dispatch_up_to(loop, most);
    loop->idle = loop->first == NULL;
    return SM_OK;
}

PROMISE_MUTANT("run_leaves_what_arises", ops.loop_run = run)
