// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-12. "Is there an effect left to drop" is asked of its value.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    void *residue = NULL;
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (status == SM_OK && *out_poll == SM_POLL_READY) {
        effect_move_out(effect, &effect->posted, &residue);
    }
    if (residue != NULL) {
        effect->posted.type->drop(effect->posted.type->context, residue);
    }
    return status;
}

EFFECT_MUTANT("null_residue_leaks", ops.request = request; ops.residue = SM_RESIDUE_CLEARED)
