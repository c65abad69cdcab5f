// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-12. Clearing the residue is tidier, and the declaration was not looked at.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (effect != NULL && status == SM_OK && *out_poll == SM_POLL_READY) {
        pthread_mutex_lock(&effect->lock);
        struct place residue = effect->posted;
        effect->posted.full = 0;
        pthread_mutex_unlock(&effect->lock);
        place_drop(residue);
    }
    return status;
}

EFFECT_MUTANT("residue_cleared_though_kept", ops.request = request)
