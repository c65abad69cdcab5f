// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-15. The answer ends the effect, so fulfill clears it: a second worker that would have taken it finds
// nothing.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    void *answered;
    if (effect_move_out(effect, &effect->posted, &answered)) {
        place_drop((struct place){effect->posted.type, 1, answered});
    }
    return effect_fulfill(effect, response);
}

EFFECT_MUTANT("fulfill_clears_effect", ops.fulfill = fulfill)
