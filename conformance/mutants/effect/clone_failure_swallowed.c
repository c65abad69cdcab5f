// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-39. A future cannot do much about a failed clone, so it is pending: nothing was posted, and nobody
// will wake it.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (status == SM_NO_MEMORY) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return status;
}

EFFECT_MUTANT("clone_failure_swallowed", ops.request = request)
