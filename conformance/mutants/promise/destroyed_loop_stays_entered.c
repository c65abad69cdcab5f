// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-10. The thread keeps the pointer to the loop that it has destroyed, and enters no other.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_loop *loop) {
    struct sm_loop *outer = current;
    enum sm_status status = promise_loop_destroy(loop);
    current = outer;
    return status;
}

PROMISE_MUTANT("destroyed_loop_stays_entered", ops.loop_destroy = destroy)
