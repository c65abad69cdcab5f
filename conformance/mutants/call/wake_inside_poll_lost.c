// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-08. There is no state for a wake that finds nobody waiting (uniffi-rs before #1785).
#include "conformance/mutants/call/base.h"

static void wake(struct sm_call *call) {
    call_wake(call);
    pthread_mutex_lock(&call->lock);
    call->waked = 0;
    pthread_mutex_unlock(&call->lock);
}

CALL_MUTANT("wake_inside_poll_lost", parts.call_wake = wake)
