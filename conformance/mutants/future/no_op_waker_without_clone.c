// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-14. The no-op waker does nothing at all, and so its clone makes none: the future keeps a waker without
// functions.
#include "conformance/mutants/future/base.h"

static enum sm_status clone_nothing(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = (struct sm_waker){NULL, NULL};
    return SM_OK;
}

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    static const struct sm_waker_vtable vtable = {clone_nothing, no_op_wake, no_op_wake_by_ref, no_op_wake};
    static const struct sm_waker hollow = {NULL, &vtable};
    return future_poll(future, waker ? waker : &hollow, out_poll, out_value);
}

FUTURE_MUTANT("no_op_waker_without_clone", ops.poll = poll)
