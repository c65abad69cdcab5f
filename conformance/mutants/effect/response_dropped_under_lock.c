// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-41. The drop stands before the unlock, where the old response was at hand: a drop that uses the
// channel waits for its own thread.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    place_drop(place_put(&effect->response, response));
    pthread_mutex_unlock(&effect->lock);
    return SM_OK;
}

EFFECT_MUTANT("response_dropped_under_lock", ops.fulfill = fulfill)
