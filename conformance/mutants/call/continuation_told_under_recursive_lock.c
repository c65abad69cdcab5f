// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-27. The lock is one that its owner may take twice, which lets a continuation call back, and nobody else.
#include "conformance/mutants/call/base.h"

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static void wake(struct sm_call *call) {
    pthread_mutex_lock(&lock);
    call_wake(call);
    pthread_mutex_unlock(&lock);
}
static enum sm_status cancel(struct sm_call *call) {
    pthread_mutex_lock(&lock);
    enum sm_status status = call_cancel(call);
    pthread_mutex_unlock(&lock);
    return status;
}

CALL_MUTANT("continuation_told_under_recursive_lock", parts.call_wake = wake, ops.call_cancel = cancel)
