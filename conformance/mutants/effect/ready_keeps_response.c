// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-04. The response is read, not taken, so that a future may ask twice: its next effect gets the answer
// to the last one.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    int answered = effect->response.full;
    if (answered) {
        *out_response = effect->response.value;
        *out_poll = SM_POLL_READY;
    }
    pthread_mutex_unlock(&effect->lock);
    return answered ? SM_OK : effect_request(effect, value, out_poll, out_response);
}

EFFECT_MUTANT("ready_keeps_response", ops.request = request)
