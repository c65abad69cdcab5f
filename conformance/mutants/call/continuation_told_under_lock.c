// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-26. The continuation is told before the lock is given up (uniffi-rs before #2923).
#include "conformance/mutants/call/base.h"

static struct sm_call *current;
static void wake(struct sm_call *call) {
    struct waiting waiting = nobody;
    current = call;
    pthread_mutex_lock(&call->lock);
    if (!call_is_over(call)) {
        waiting = waiting_take(call);
        call->waked = waiting.continuation == NULL;
    }
    parts.tell(waiting, SM_CALL_WAKE);
    pthread_mutex_unlock(&call->lock);
}

CALL_MUTANT("continuation_told_under_lock", (void)current, parts.call_wake = wake)
