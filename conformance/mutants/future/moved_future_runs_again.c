// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-22. move makes a handle anew, and forgets that the future has completed.
#include "conformance/mutants/future/base.h"

static enum sm_status move(struct sm_future *future, struct sm_future **out_future) {
    enum sm_status status = future_move(future, out_future);
    if (status == SM_OK) {
        (*out_future)->completed = 0;
    }
    return status;
}

FUTURE_MUTANT("moved_future_runs_again", ops.move = move)
