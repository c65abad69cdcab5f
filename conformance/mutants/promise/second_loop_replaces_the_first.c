// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-02. The loop of a thread is a variable, and entering another assigns it.
#include "conformance/mutants/promise/base.h"

static enum sm_status enter(struct sm_loop *loop) {
    if (loop != NULL && !loop->entered) {
        current = NULL;
    }
    return promise_loop_enter(loop);
}

PROMISE_MUTANT("second_loop_replaces_the_first", ops.loop_enter = enter)
