// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-04. A turn drains the queue, which is faster, and starves whatever the thread does between turns.
#include "conformance/mutants/promise/base.h"

static enum sm_status turn(struct sm_loop *loop, uint32_t *out_count) {
    return promise_loop_run(loop, out_count);
}

PROMISE_MUTANT("turn_dispatches_all", ops.loop_turn = turn)
