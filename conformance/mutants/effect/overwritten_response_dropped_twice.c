// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-08. The old response is dropped before it is replaced, and by the replacing once more.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    struct place old = effect->response;
    pthread_mutex_unlock(&effect->lock);
    effect_move_in(effect, &effect->response, response);
    place_drop(old);
    return SM_OK;
}

EFFECT_MUTANT("overwritten_response_dropped_twice", ops.fulfill = fulfill)
