// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-09. A response that nobody has asked for is taken for a mistake of the host, and dropped: a host
// that answers ahead waits forever.
#include "conformance/mutants/effect/base.h"

static int asked; // ever, on any channel

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    asked = 1;
    return effect_request(effect, value, out_poll, out_response);
}

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    if (!asked) {
        place_drop((struct place){effect->response.type, 1, response});
        return SM_OK;
    }
    return effect_fulfill(effect, response);
}

EFFECT_MUTANT("early_response_dropped", ops.request = request, ops.fulfill = fulfill)
