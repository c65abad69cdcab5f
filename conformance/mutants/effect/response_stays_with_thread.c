// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-16. A response is kept with the thread that gave it until that thread comes by again, to save a
// barrier: no other thread sees it.
#include "conformance/mutants/effect/base.h"

static _Thread_local struct sm_effect *kept_for;
static _Thread_local void *kept;

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = kept_for == effect ? effect_fulfill(effect, kept) : SM_OK;
    kept_for = effect;
    kept = response;
    return status;
}

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect != NULL && kept_for == effect && out_poll != NULL && out_response != NULL) {
        kept_for = NULL;
        effect_fulfill(effect, kept);
    }
    return effect_request(effect, value, out_poll, out_response);
}

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && kept_for == effect) {
        kept_for = NULL;
        effect_fulfill(effect, kept);
    }
    effect_destroy(effect);
}

EFFECT_MUTANT("response_stays_with_thread", ops.fulfill = fulfill, ops.request = request, ops.destroy = destroy)
