// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-19. share returns the same pointer and forgets the count: the first of the two owners takes the
// channel away from the other.
#include "conformance/mutants/effect/base.h"

static enum sm_status share(struct sm_effect *effect) {
    return effect == NULL ? SM_INVALID : SM_OK;
}

static void destroy(struct sm_effect *effect) {
    if (effect != NULL &&
        effect->references == 1) { // what is gone stays readable, so that the case sees it and not the heap
        effect->references = 0;
        place_drop(effect->posted);
        place_drop(effect->response);
        effect->posted.full = effect->response.full = 0;
    }
}

EFFECT_MUTANT("share_does_not_count", ops.share = share, ops.destroy = destroy)
