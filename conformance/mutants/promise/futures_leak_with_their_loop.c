// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-56. The loop lets go of its jobs, and their futures wait for the handles to be destroyed.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_loop *loop) {
    struct sm_loop *outer = current;
    if (loop == NULL || loop_destroy_status(loop) != SM_OK) {
        return promise_loop_destroy(loop);
    }
    current = loop;
    while (loop->jobs != NULL) {
        job_unbind(loop->jobs);
    }
    current = outer;
    return promise_loop_destroy(loop);
}

PROMISE_MUTANT("futures_leak_with_their_loop", ops.loop_destroy = destroy)
