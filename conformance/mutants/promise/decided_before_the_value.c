// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-30. The state is set first and the value put in after: a poll between gives what was there.
#include <sched.h>

#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    enum sm_status status = promise_decide(promise, outcome, NULL);
    if (status == SM_OK) {
        sched_yield();
        pthread_mutex_lock(&lock);
        promise->value = value;
        pthread_mutex_unlock(&lock);
    }
    return status;
}

PROMISE_MUTANT("decided_before_the_value", inner.decide = decide)
