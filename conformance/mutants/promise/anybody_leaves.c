// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-03. Leave clears the mark without asking whose it is.
#include "conformance/mutants/promise/base.h"

static enum sm_status leave(struct sm_loop *loop) {
    if (loop == NULL || loop == current) {
        return promise_loop_leave(loop);
    }
    loop->entered = 0;
    return SM_OK;
}

PROMISE_MUTANT("anybody_leaves", ops.loop_leave = leave)
