// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-27. The poll that completes ends the future, and destroy does not know.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = effect_handle_poll(handle, out_poll, out_value);
    if (status == SM_FAILED || status == SM_FAULT || (status == SM_OK && *out_poll == SM_POLL_READY)) {
        handle->vtable->drop(handle->state);
    }
    return status;
}

EFFECT_MUTANT("completed_future_dropped_twice", ops.handle_poll = handle_poll)
