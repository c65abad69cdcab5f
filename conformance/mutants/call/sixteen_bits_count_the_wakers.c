// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-24. Call and wakers are counted in 16 bits: with 65,536 of them the count is 0, and a drop that finds it
// so again ends the call.
#include "conformance/mutants/call/base.h"

static void release(struct sm_call *call) {
    pthread_mutex_lock(&call->lock);
    if (call->references > 1 && (call->references - 1) % 65536 == 0) {
        call->completed = 1; // it would be freed
    }
    pthread_mutex_unlock(&call->lock);
    call_release(call);
}

CALL_MUTANT("sixteen_bits_count_the_wakers", parts.call_release = release)
