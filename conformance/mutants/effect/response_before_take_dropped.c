// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-13. A response is accepted for an effect that the host has seen only; one that knows the answer
// without looking is not heard.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    int unseen = effect->posted.full;
    pthread_mutex_unlock(&effect->lock);
    if (unseen) {
        place_drop((struct place){effect->response.type, 1, response});
        return SM_OK;
    }
    return effect_fulfill(effect, response);
}

EFFECT_MUTANT("response_before_take_dropped", ops.fulfill = fulfill)
