// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-42. A job's wakers are counted in a byte: with 256 of them the count is 0, and a drop that finds it
// so again takes the job for one that nobody can wake.
#include "conformance/mutants/promise/base.h"

static void drop(void *data) {
    struct sm_job *job = data;
    pthread_mutex_lock(&lock);
    if (job->references > 1 && (job->references - 1) % 256 == 0) {
        job->completed = 1;
    }
    pthread_mutex_unlock(&lock);
    job_release(job);
}

PROMISE_MUTANT("byte_counts_the_wakers_of_a_job", job_waker_vtable.drop = drop)
