// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-45. The old effect makes way before there is memory for the new one.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    void *record = malloc(16);
    void *old;
    if (record == NULL && effect != NULL && effect_move_out(effect, &effect->posted, &old)) {
        place_drop((struct place){effect->posted.type, 1, old});
    }
    enum sm_status status = record == NULL ? SM_NO_MEMORY : effect_request(effect, value, out_poll, out_response);
    free(record);
    return status;
}

EFFECT_MUTANT("out_of_memory_empties_channel", ops.request = request, ops.out_of_memory = SM_OUT_OF_MEMORY_REPORTED)
