// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-04. The handle drops the future, and so does the box inside it.
#include "conformance/mutants/future/base.h"

static enum sm_status destroy(struct sm_future *future) {
    if (future != NULL && future->state != NULL && future_misused(future) == SM_OK) {
        future->vtable->drop(future->state);
    }
    return future_destroy(future);
}

FUTURE_MUTANT("destroy_drops_twice", ops.destroy = destroy)
