// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-35. Destruction is handed to a clean-up thread, to keep the caller's short: what belongs to the thread
// is dropped on the wrong one.
#include "conformance/mutants/future/base.h"

static void *drop_state(void *argument) {
    struct sm_future *future = argument;
    future->vtable->drop(future->state);
    free(future->state);
    future->state = NULL;
    return NULL;
}

static enum sm_status destroy(struct sm_future *future) {
    pthread_t helper;
    if (future != NULL && future->state != NULL && future_misused(future) == SM_OK &&
        pthread_create(&helper, NULL, drop_state, future) == 0) {
        pthread_join(helper, NULL);
    }
    return future_destroy(future);
}

FUTURE_MUTANT("destroy_drops_on_helper_thread", ops.destroy = destroy)
