// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-06. A wait inside a callback turns the loop from inside a turn: the stack grows with every event, and
// order is lost.
#include "conformance/mutants/promise/base.h"

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    int outer = loop != NULL && loop == current && loop->turning;
    if (outer) {
        loop->turning = 0;
    }
    enum sm_status status = promise_loop_run(loop, out_count);
    if (outer) {
        loop->turning = 1;
    }
    return status;
}

PROMISE_MUTANT("run_nests", ops.loop_run = run)
