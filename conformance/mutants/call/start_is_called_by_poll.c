// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-40. The method is started when somebody first asks for its result.
#include "conformance/mutants/call/base.h"

static void do_not_start(void *context, uint64_t token) {
    (void)context;
    (void)token;
}
static enum sm_status call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                           struct sm_foreign **out_foreign) {
    static struct sm_foreign_method quiet = {sizeof quiet, NULL, do_not_start, NULL};
    enum sm_status status = foreign_call(is_method(method) ? &quiet : method, type, out_foreign);
    if (status == SM_OK) {
        (*out_foreign)->method = method;
    }
    return status;
}
static enum sm_status poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (foreign != NULL && foreign->waker.vtable == NULL && !foreign->used) {
        foreign->method->start(foreign->method->context, foreign->token);
    }
    return foreign_poll(foreign, waker, out_poll, out_value);
}

CALL_MUTANT("start_is_called_by_poll", ops.foreign_call = call, ops.foreign_poll = poll)
