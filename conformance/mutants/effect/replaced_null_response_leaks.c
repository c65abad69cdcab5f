// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-38. A NULL that is replaced is not taken for a response.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect != NULL) {
        pthread_mutex_lock(&effect->lock);
        effect->response.full = effect->response.full && effect->response.value != NULL;
        pthread_mutex_unlock(&effect->lock);
    }
    return effect_fulfill(effect, response);
}

EFFECT_MUTANT("replaced_null_response_leaks", ops.fulfill = fulfill)
