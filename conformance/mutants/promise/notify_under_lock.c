// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-08. The notify is called before the unlock, so that events and notifies come in the same order. It
// deadlocks with whoever decides another promise in it.
#include "conformance/mutants/promise/base.h"

static void rouse(void (*notify)(void *context), void *context) {
    pthread_mutex_lock(&lock);
    loop_rouse(notify, context);
    pthread_mutex_unlock(&lock);
}

PROMISE_MUTANT("notify_under_lock", inner.rouse = rouse)
