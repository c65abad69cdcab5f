// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-33. One lock guards the library, and foreign code runs inside it: a future that polls another waits
// for itself.
#include "conformance/mutants/future/base.h"

static pthread_mutex_t library = PTHREAD_MUTEX_INITIALIZER;

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (future != NULL && future->polling) { // or no future could find out that it is polled from inside
        return SM_REENTRANT;
    }
    pthread_mutex_lock(&library);
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    pthread_mutex_unlock(&library);
    return status;
}

FUTURE_MUTANT("poll_under_global_lock", ops.poll = poll)
