// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-04. Only a completed future is dropped; one that is cancelled is "still in use", by nobody.
#include "conformance/mutants/future/base.h"

static enum sm_status destroy(struct sm_future *future) {
    if (future != NULL && future->state != NULL && !future->completed && future_misused(future) == SM_OK) {
        return SM_OK;
    }
    return future_destroy(future);
}

FUTURE_MUTANT("destroy_leaks_pending", ops.destroy = destroy)
