// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-14. What the host gave is thought to be the host's still.
#include "conformance/mutants/effect/base.h"

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && effect_release(effect)) {
        place_drop(effect->posted);
        effect_free(effect);
    }
}

EFFECT_MUTANT("destroy_leaks_response", ops.destroy = destroy)
