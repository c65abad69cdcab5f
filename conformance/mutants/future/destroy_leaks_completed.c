// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-05. "A completed future has given everything away": what it borrowed, locked or counted it still
// holds.
#include "conformance/mutants/future/base.h"

static enum sm_status destroy(struct sm_future *future) {
    if (future != NULL && future->completed) {
        free(future->state);
        future->state = NULL;
    }
    return future_destroy(future);
}

FUTURE_MUTANT("destroy_leaks_completed", ops.destroy = destroy)
