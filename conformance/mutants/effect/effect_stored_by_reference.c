// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-10. The pointer is stored, since the future is not dropped while it is pending: its effect stands in
// a stack frame that is.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    if (effect_move_out(effect, &effect->response, out_response)) {
        *out_poll = SM_POLL_READY;
        return SM_OK;
    }
    effect_move_in(effect, &effect->posted, (void *)(uintptr_t)value);
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

EFFECT_MUTANT("effect_stored_by_reference", ops.request = request)
