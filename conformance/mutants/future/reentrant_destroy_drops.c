// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-16. destroy from inside the poll is answered rightly, after the future has been dropped: the status is
// right, the state is gone.
#include "conformance/mutants/future/base.h"

static enum sm_status destroy(struct sm_future *future) {
    if (future != NULL && future->polling) {
        future->vtable->drop(future->state);
        return SM_REENTRANT;
    }
    return future_destroy(future);
}

FUTURE_MUTANT("reentrant_destroy_drops", ops.destroy = destroy)
