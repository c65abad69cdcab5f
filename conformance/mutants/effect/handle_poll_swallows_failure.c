// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-22. The handle knows pending and ready only, and an error becomes an output.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = effect_handle_poll(handle, out_poll, out_value);
    if (status == SM_FAILED) {
        *out_poll = SM_POLL_READY;
        return SM_OK;
    }
    return status;
}

EFFECT_MUTANT("handle_poll_swallows_failure", ops.handle_poll = handle_poll)
