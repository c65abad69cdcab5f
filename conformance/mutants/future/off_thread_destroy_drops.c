// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-20. destroy off the thread complains, after it has dropped: the finaliser of a garbage-collected host
// calls it on its own thread, and ignores the status.
#include "conformance/mutants/future/base.h"

static enum sm_status destroy(struct sm_future *future) {
    if (future != NULL && future_misused(future) == SM_WRONG_THREAD) {
        future->vtable->drop(future->state);
        return SM_WRONG_THREAD;
    }
    return future_destroy(future);
}

FUTURE_MUTANT("off_thread_destroy_drops", ops.destroy = destroy)
