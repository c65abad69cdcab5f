// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-09. What is woken in a poll is counted, in a byte: 256 wakes are none.
#include "conformance/mutants/call/base.h"

static void wake(struct sm_call *call) {
    pthread_mutex_lock(&call->lock);
    int counted = call->polling && !call_is_over(call);
    if (counted) {
        call->waked = (call->waked + 1) % 256;
    }
    pthread_mutex_unlock(&call->lock);
    if (!counted) {
        call_wake(call);
    }
}

CALL_MUTANT("byte_counts_the_wakes_of_a_poll", parts.call_wake = wake)
