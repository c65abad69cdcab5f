// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-40. The place is emptied, then filled: a drop that looks at the channel finds it without an answer.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    void *old;
    if (effect_move_out(effect, &effect->response, &old)) {
        place_drop((struct place){effect->response.type, 1, old});
    }
    return effect_fulfill(effect, response);
}

EFFECT_MUTANT("old_response_dropped_first", ops.fulfill = fulfill)
