// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-56. The type's context is for its drop; clone is called without it.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    void *copy;
    if (effect_move_out(effect, &effect->response, out_response)) {
        *out_poll = SM_POLL_READY;
        return SM_OK;
    }
    struct sm_value_type type = *effect->posted.type;
    type.context = effect;
    enum sm_status status = type.clone(type.context, value, &copy);
    if (status == SM_OK) {
        effect_move_in(effect, &effect->posted, copy);
        *out_poll = SM_POLL_PENDING;
    }
    return status;
}

EFFECT_MUTANT("clone_without_context", ops.request = request)
