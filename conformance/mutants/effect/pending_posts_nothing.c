// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-02. The effect is to be posted by the second request, which a future makes only after it was woken:
// nobody wakes it for an effect that nobody sees.
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
    (void)value;
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

EFFECT_MUTANT("pending_posts_nothing", ops.request = request)
