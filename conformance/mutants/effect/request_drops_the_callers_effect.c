// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-10. request takes its effect over, as fulfill takes the response.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (status == SM_OK && *out_poll == SM_POLL_PENDING) {
        place_drop((struct place){effect->posted.type, 1, (void *)(uintptr_t)value});
    }
    return status;
}

EFFECT_MUTANT("request_drops_the_callers_effect", ops.request = request)
