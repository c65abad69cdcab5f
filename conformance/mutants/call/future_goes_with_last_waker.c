// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-22. The future is a part of what the wakers keep alive (uniffi-rs#1669).
#include "conformance/mutants/call/base.h"

static struct result end(struct sm_call *call, int completed) {
    struct box *box = completed && call->references > 2 ? box_take(call) : NULL;
    struct result result = call_end(call, completed);
    if (box != NULL) {
        call->box = box;
    }
    return result;
}
static void release(struct sm_call *call) {
    struct box *box = call->references == 1 ? box_take(call) : NULL;
    call_release(call);
    box_destroy(box);
}

CALL_MUTANT("future_goes_with_last_waker", parts.call_end = end, parts.call_release = release)
