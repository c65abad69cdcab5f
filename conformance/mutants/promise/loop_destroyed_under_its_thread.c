// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-10. Whoever has the pointer destroys the loop, though its thread is inside.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_loop *loop) {
    return loop != NULL && loop != current && loop->entered ? SM_OK : promise_loop_destroy(loop);
}

PROMISE_MUTANT("loop_destroyed_under_its_thread", ops.loop_destroy = destroy)
