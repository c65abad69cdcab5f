// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-43. take_effect looks and takes in two steps, since one future posts one effect: where several share
// a channel, the effect that came between is lost, and the one that it replaced is handed out after its drop.
// sched_yield stands for the preemption that comes once in a million.
#include <sched.h>

#include "conformance/mutants/effect/base.h"

static enum sm_status take_effect(struct sm_effect *effect, void **out_value) {
    if (effect == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    struct place seen = effect->posted;
    pthread_mutex_unlock(&effect->lock);
    if (!seen.full) {
        return SM_EMPTY;
    }
    sched_yield();
    pthread_mutex_lock(&effect->lock);
    effect->posted.full = 0;
    pthread_mutex_unlock(&effect->lock);
    *out_value = seen.value;
    return SM_OK;
}

EFFECT_MUTANT("take_effect_in_two_steps", ops.take_effect = take_effect)
