// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-12. The residue is cleared by its flag, and what it stood for is forgotten.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (effect != NULL && status == SM_OK && *out_poll == SM_POLL_READY) {
        pthread_mutex_lock(&effect->lock);
        struct place residue = effect->posted;
        effect->posted.full = 0;
        pthread_mutex_unlock(&effect->lock);
        (void)residue;
    }
    return status;
}

EFFECT_MUTANT("cleared_residue_leaks", ops.request = request, ops.residue = SM_RESIDUE_CLEARED)
