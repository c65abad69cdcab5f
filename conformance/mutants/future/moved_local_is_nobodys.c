// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-22. move makes a handle anew, and forgets whose the future is.
#include "conformance/mutants/future/base.h"

static enum sm_status move(struct sm_future *future, struct sm_future **out_future) {
    enum sm_status status = future_move(future, out_future);
    if (status == SM_OK) {
        (*out_future)->form = SM_FORM_SENDABLE;
    }
    return status;
}

FUTURE_MUTANT("moved_local_is_nobodys", ops.move = move)
