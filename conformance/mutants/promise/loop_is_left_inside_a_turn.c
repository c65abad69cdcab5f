// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-06. Leave does not look whether the loop is turning: the rest of the turn runs on a loop that is not
// entered.
#include "conformance/mutants/promise/base.h"

static enum sm_status leave(struct sm_loop *loop) {
    if (loop != NULL && loop == current && loop->turning) {
        current = NULL;
        return SM_OK;
    }
    return promise_loop_leave(loop);
}

PROMISE_MUTANT("loop_is_left_inside_a_turn", ops.loop_leave = leave)
