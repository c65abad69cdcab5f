// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-08. The first answer is taken for the true one, and a host that corrects itself is not heard.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    struct place late = {effect->response.type, effect->response.full, response};
    if (!late.full) {
        place_put(&effect->response, response);
    }
    pthread_mutex_unlock(&effect->lock);
    place_drop(late);
    return SM_OK;
}

EFFECT_MUTANT("fulfill_keeps_first", ops.fulfill = fulfill)
