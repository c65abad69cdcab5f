// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-03. Leaving forgets the thread's side and not the loop's: nobody enters it again.
#include "conformance/mutants/promise/base.h"

static enum sm_status leave(struct sm_loop *loop) {
    enum sm_status status = promise_loop_leave(loop);
    if (status == SM_OK) {
        loop->entered = 1;
    }
    return status;
}

PROMISE_MUTANT("left_loop_stays_claimed", ops.loop_leave = leave)
