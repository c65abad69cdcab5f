// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-20. Whether the promise is decided is looked up first, and the value put in under a lock of its own.
#include <unistd.h>

#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    pthread_mutex_lock(&lock);
    enum sm_status status = decision(promise);
    pthread_mutex_unlock(&lock);
    if (status != SM_OK) {
        return status;
    }
    usleep(20);
    pthread_mutex_lock(&lock);
    promise->outcome = promise->outcome == TAKEN ? TAKEN : outcome;
    promise->value = value;
    post_and_rouse(promise->loop, &promise->event);
    return SM_OK;
}

PROMISE_MUTANT("decision_looks_then_sets", inner.decide = decide)
