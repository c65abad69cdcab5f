// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-58. The last reference drops what the channel holds, and forgets the channel.
#include "conformance/mutants/effect/base.h"

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && effect_release(effect)) {
        place_drop(effect->posted);
        place_drop(effect->response);
    }
}

EFFECT_MUTANT("destroy_leaves_the_channel", ops.destroy = destroy)
