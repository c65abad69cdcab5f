// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-38. A NULL that is replaced is not taken for an effect.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect != NULL) {
        pthread_mutex_lock(&effect->lock);
        effect->posted.full = effect->posted.full && (effect->posted.value != NULL || effect->response.full);
        pthread_mutex_unlock(&effect->lock);
    }
    return effect_request(effect, value, out_poll, out_response);
}

EFFECT_MUTANT("replaced_null_effect_leaks", ops.request = request)
