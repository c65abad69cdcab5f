// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-40. The mark of a wake is cleared after the poll that it is for, and with it one that came during that
// poll.
#include "conformance/mutants/promise/base.h"

static void dispatch(struct event *event) {
    struct sm_job *job = (struct sm_job *)event;
    job_dispatch(event);
    pthread_mutex_lock(&lock);
    withdraw(job->loop, event);
    pthread_mutex_unlock(&lock);
}

PROMISE_MUTANT("wake_inside_a_poll_lost", inner.dispatch_job = dispatch)
