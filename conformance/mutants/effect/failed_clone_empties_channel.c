// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-39. The old effect is taken out before the new one is cloned, to reuse its memory.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    void *old;
    if (status == SM_NO_MEMORY && effect_move_out(effect, &effect->posted, &old)) {
        place_drop((struct place){effect->posted.type, 1, old});
    }
    return status;
}

EFFECT_MUTANT("failed_clone_empties_channel", ops.request = request)
