// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-32. There is one flag for all calls of a client.
#include "conformance/mutants/call/base.h"

static int cancelled;
static enum sm_status cancel(struct sm_call *call) {
    enum sm_status status = call_cancel(call);
    cancelled = status == SM_OK ? 1 : cancelled;
    return status;
}
static void leave(struct sm_call *call, struct result result, struct waiting self) {
    call->cancelled |= cancelled;
    call_leave(call, result, self);
}
static struct sm_call *first;
static enum sm_status poll(struct sm_call *call, sm_continuation continuation, void *data) {
    first = call;
    return call_poll(call, continuation, data);
}
static struct result end(struct sm_call *call, int completed) {
    struct result result = call_end(call, completed);
    if (!completed && first != NULL && first != call) {
        struct sm_call *other = first;
        first = NULL;
        call_end(other, 0);
    }
    return result;
}

CALL_MUTANT("cancel_is_global", ops.call_cancel = cancel, parts.call_leave = leave, ops.call_poll = poll,
            parts.call_end = end)
