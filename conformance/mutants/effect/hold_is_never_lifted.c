// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-11. The flag that holds the effect back is cleared by the answer to the first effect only: the
// future's second effect never reaches the host.
#include "conformance/mutants/effect/base.h"

static struct sm_effect *held; // whose effect has been taken

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect != NULL && effect == held && !effect->response.full && out_poll != NULL && out_response != NULL) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return effect_request(effect, value, out_poll, out_response);
}

static enum sm_status take_effect(struct sm_effect *effect, void **out_value) {
    enum sm_status status = effect_take_effect(effect, out_value);
    if (status == SM_OK) {
        held = effect;
    }
    return status;
}

EFFECT_MUTANT("hold_is_never_lifted", ops.request = request, ops.take_effect = take_effect, ops.repost = SM_REPOST_HELD)
