// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-08. The new response is stored over the old one, as C stores.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    place_put(&effect->response, response);
    pthread_mutex_unlock(&effect->lock);
    return SM_OK;
}

EFFECT_MUTANT("overwritten_response_leaks", ops.fulfill = fulfill)
