// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-04. The count is written where the queue was found empty only.
#include "conformance/mutants/promise/base.h"

static enum sm_status turn(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = promise_loop_turn(loop, out_count);
    if (status == SM_OK) {
        *out_count = 0;
    }
    return status;
}

PROMISE_MUTANT("turn_counts_nothing", ops.loop_turn = turn)
