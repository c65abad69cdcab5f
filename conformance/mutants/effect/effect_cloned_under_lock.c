// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-41. Look, clone and post are one critical section, which is how one would like to argue: a clone
// that uses the channel waits for its own thread.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    void *copy;
    struct place old = {effect->posted.type, 0, NULL};
    enum sm_status status = SM_OK;
    pthread_mutex_lock(&effect->lock);
    *out_poll = place_take(&effect->response, out_response) ? SM_POLL_READY : SM_POLL_PENDING;
    if (*out_poll == SM_POLL_PENDING) {
        status = effect_clone(effect, value, &copy);
        if (status == SM_OK) {
            old = place_put(&effect->posted, copy);
        }
    }
    pthread_mutex_unlock(&effect->lock);
    place_drop(old);
    return status;
}

EFFECT_MUTANT("effect_cloned_under_lock", ops.request = request)
