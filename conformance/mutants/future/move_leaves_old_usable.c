// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-22. move copies the handle and leaves the old one as it was: two owners of one state.
#include "conformance/mutants/future/base.h"

static enum sm_status move(struct sm_future *future, struct sm_future **out_future) {
    enum sm_status status = future_move(future, out_future);
    if (status == SM_OK) {
        future->state = (*out_future)->state;
    }
    return status;
}

FUTURE_MUTANT("move_leaves_old_usable", ops.move = move)
