// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-55. The waker is woken before the lock of the tokens is given up.
#include "conformance/mutants/call/base.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void done(struct sm_foreign *foreign) {
    pthread_mutex_lock(&lock);
    foreign_done(foreign);
    pthread_mutex_unlock(&lock);
}

CALL_MUTANT("waker_woken_under_lock", parts.foreign_done = done)
