// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-15. Taking an effect begins a round trip, and what is left of the one before is cleared: the answer
// that came early with it.
#include "conformance/mutants/effect/base.h"

static enum sm_status take_effect(struct sm_effect *effect, void **out_value) {
    if (effect == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = effect_take_effect(effect, out_value);
    void *stale;
    if (status == SM_OK && effect_move_out(effect, &effect->response, &stale)) {
        place_drop((struct place){effect->response.type, 1, stale});
    }
    return status;
}

EFFECT_MUTANT("take_effect_consumes_response", ops.take_effect = take_effect)
