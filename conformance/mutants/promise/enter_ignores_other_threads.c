// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-02. Whether a thread has entered the loop is asked of the thread, which knows of itself alone.
#include "conformance/mutants/promise/base.h"

static enum sm_status enter(struct sm_loop *loop) {
    if (loop != NULL && current == NULL) {
        loop->entered = 0;
    }
    return promise_loop_enter(loop);
}

PROMISE_MUTANT("enter_ignores_other_threads", ops.loop_enter = enter)
