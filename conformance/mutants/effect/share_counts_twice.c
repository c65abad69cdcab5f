// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-19. The count goes up where the pointer is handed out and where it is received: the channel never
// ends.
#include "conformance/mutants/effect/base.h"

static enum sm_status share(struct sm_effect *effect) {
    effect_share(effect);
    return effect_share(effect);
}

EFFECT_MUTANT("share_counts_twice", ops.share = share)
