// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-48. The channel remembers the response that it gave last, and ends it with itself: it was the
// future's.
#include "conformance/mutants/effect/base.h"

static struct place given;
static struct sm_effect *giver;

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (status == SM_OK && *out_poll == SM_POLL_READY) {
        giver = effect;
        given = (struct place){effect->response.type, 1, *out_response};
    }
    return status;
}

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && giver == effect) {
        place_drop(given);
        giver = NULL;
    }
    effect_destroy(effect);
}

EFFECT_MUTANT("destroy_drops_last_response", ops.request = request, ops.destroy = destroy)
