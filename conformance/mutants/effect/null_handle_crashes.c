// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-37. A handle crosses the border as a pointer, and is followed as one.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    return handle->vtable->poll(handle->state, &no_op_waker, out_poll, out_value);
}

EFFECT_MUTANT("null_handle_crashes", ops.handle_poll = handle_poll)
