// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-36. "It is empty, so there is nothing to free": a handle is more than what it held.
#include "conformance/mutants/future/base.h"

static enum sm_status destroy(struct sm_future *future) {
    return future != NULL && future->state == NULL ? SM_OK : future_destroy(future);
}

FUTURE_MUTANT("moved_from_handle_is_left", ops.destroy = destroy)
