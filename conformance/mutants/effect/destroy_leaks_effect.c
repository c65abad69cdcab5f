// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-14. A channel is thought to be destroyed after its future, which has had its answer: one that was
// cancelled has not.
#include "conformance/mutants/effect/base.h"

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && effect_release(effect)) {
        place_drop(effect->response);
        effect_free(effect);
    }
}

EFFECT_MUTANT("destroy_leaks_effect", ops.destroy = destroy)
