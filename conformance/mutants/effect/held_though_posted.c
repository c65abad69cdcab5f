// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-11. Declared as two independent slots are; a flag that holds the effect back was added later.
#include "conformance/mutants/effect/base.h"

static struct sm_effect *held; // whose effect has been taken and not answered

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
    if (status == SM_OK && !effect->response.full) {
        held = effect;
    }
    return status;
}

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    held = NULL;
    return effect_fulfill(effect, response);
}

EFFECT_MUTANT("held_though_posted", ops.request = request, ops.take_effect = take_effect, ops.fulfill = fulfill)
