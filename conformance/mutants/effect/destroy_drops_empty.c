// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-14. The flags are not looked at: free(NULL) is fine, and so drop is thought to be.
#include "conformance/mutants/effect/base.h"

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && effect_release(effect)) {
        effect->posted.full = effect->response.full = 1;
        place_drop(effect->posted);
        place_drop(effect->response);
        effect_free(effect);
    }
}

EFFECT_MUTANT("destroy_drops_empty", ops.destroy = destroy)
