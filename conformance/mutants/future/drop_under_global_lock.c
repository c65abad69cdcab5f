// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-33. The list of live futures has a lock, and the drop runs while the list is being changed: a future
// that owns another waits for itself.
#include "conformance/mutants/future/base.h"

static pthread_mutex_t list = PTHREAD_MUTEX_INITIALIZER;

static enum sm_status destroy(struct sm_future *future) {
    if (future == NULL || future->polling) {
        return future_destroy(future);
    }
    pthread_mutex_lock(&list);
    enum sm_status status = future_destroy(future);
    pthread_mutex_unlock(&list);
    return status;
}

FUTURE_MUTANT("drop_under_global_lock", ops.destroy = destroy)
