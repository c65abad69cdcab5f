// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-50. Nobody is to be woken, so nobody was thought to clone: the future that keeps its waker calls
// NULL.
#include "conformance/mutants/effect/base.h"

static const struct sm_waker_vtable poor_vtable = {NULL, no_op_wake, no_op_wake_by_ref, no_op_wake};

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    static const struct sm_waker poor = {NULL, &poor_vtable};
    if (handle == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    return handle->vtable->poll(handle->state, &poor, out_poll, out_value);
}

EFFECT_MUTANT("no_op_waker_without_clone", ops.handle_poll = handle_poll)
