// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-19. The count is read, made smaller and written back: of two owners that leave at once neither is
// the last. sched_yield stands for the preemption that comes once in a million.
#include <sched.h>

#include "conformance/mutants/effect/base.h"

static void destroy(struct sm_effect *effect) {
    if (effect == NULL) {
        return;
    }
    unsigned references = *(volatile unsigned *)&effect->references;
    sched_yield();
    *(volatile unsigned *)&effect->references = references - 1;
    if (references == 1) {
        place_drop(effect->posted);
        place_drop(effect->response);
        effect_free(effect);
    }
}

EFFECT_MUTANT("count_in_two_steps", ops.destroy = destroy)
