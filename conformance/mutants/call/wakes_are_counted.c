// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-09. Wakes are counted, and each one is worth a poll.
#include "conformance/mutants/call/base.h"

static void leave(struct sm_call *call, struct result result, struct waiting self) {
    int waked = call->waked;
    call_leave(call, result, self);
    call->waked = waked > 1 ? waked - 1 : 0;
}
static void wake(struct sm_call *call) {
    int waked = call->waked;
    call_wake(call);
    call->waked = call->waked ? waked + 1 : waked;
}
static enum sm_status begin(struct sm_call *call) {
    int waked = call->waked;
    enum sm_status status = call_begin(call);
    call->waked = status == SM_OK ? waked : call->waked;
    return status;
}

CALL_MUTANT("wakes_are_counted", parts.call_leave = leave, parts.call_wake = wake, parts.call_begin = begin)
