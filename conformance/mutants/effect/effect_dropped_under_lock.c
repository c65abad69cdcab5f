// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-41. The drop stands before the unlock, where the old effect was at hand.
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
    enum sm_status status = effect_clone(effect, value, &copy);
    if (status == SM_OK) {
        pthread_mutex_lock(&effect->lock);
        place_drop(place_put(&effect->posted, copy));
        pthread_mutex_unlock(&effect->lock);
        *out_poll = SM_POLL_PENDING;
    }
    return status;
}

EFFECT_MUTANT("effect_dropped_under_lock", ops.request = request)
