// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-07. The caller of the store drops the old effect, and so does the store.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    struct place old = effect->posted;
    old.full = old.full && !effect->response.full;
    pthread_mutex_unlock(&effect->lock);
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (status == SM_OK && *out_poll == SM_POLL_PENDING) {
        place_drop(old);
    }
    return status;
}

EFFECT_MUTANT("overwritten_effect_dropped_twice", ops.request = request)
