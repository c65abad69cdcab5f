// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-33. Whoever waits is told first and the flag set later: a poll between the two waits for nothing.
#include "conformance/mutants/call/base.h"

static struct result end(struct sm_call *call, int completed) {
    if (completed) {
        return call_end(call, completed);
    }
    pthread_mutex_lock(&call->lock);
    call->references++;
    struct waiting waiting = waiting_take(call);
    pthread_mutex_unlock(&call->lock);
    parts.tell(waiting, SM_CALL_READY);
    for (volatile int i = 0; i < 2000; i++) {
    }
    pthread_mutex_lock(&call->lock);
    call->cancelled = 1;
    struct box *box = call->polling ? NULL : box_take(call);
    pthread_mutex_unlock(&call->lock);
    box_destroy(box);
    parts.call_release(call);
    return (struct result){0, SM_CANCELLED, NULL};
}

CALL_MUTANT("cancel_in_two_steps", parts.call_end = end)
