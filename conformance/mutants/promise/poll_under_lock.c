// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-55. The loop's lock is held over a poll, so that nothing changes under it.
#include "conformance/mutants/promise/base.h"

static pthread_mutex_t polling = PTHREAD_MUTEX_INITIALIZER;

static void dispatch(struct event *event) {
    pthread_mutex_lock(&polling);
    job_dispatch(event);
    pthread_mutex_unlock(&polling);
}

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    pthread_mutex_lock(&polling); // nobody decides while the loop polls
    pthread_mutex_unlock(&polling);
    return promise_decide(promise, outcome, value);
}

PROMISE_MUTANT("poll_under_lock", inner.dispatch_job = dispatch, inner.decide = decide)
