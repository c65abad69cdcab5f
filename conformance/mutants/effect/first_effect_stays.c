// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-07. A request whose effect is posted already is taken for a repeated poll, and the new effect is
// ignored.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    int waiting = effect->posted.full && !effect->response.full;
    pthread_mutex_unlock(&effect->lock);
    if (waiting) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return effect_request(effect, value, out_poll, out_response);
}

EFFECT_MUTANT("first_effect_stays", ops.request = request)
