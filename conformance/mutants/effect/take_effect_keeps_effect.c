// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-06. take_effect is written as a look: the host that asks twice performs the effect twice.
#include "conformance/mutants/effect/base.h"

static enum sm_status take_effect(struct sm_effect *effect, void **out_value) {
    if (effect == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    int full = effect->posted.full;
    if (full) {
        *out_value = effect->posted.value;
    }
    pthread_mutex_unlock(&effect->lock);
    return full ? SM_OK : SM_EMPTY;
}

EFFECT_MUTANT("take_effect_keeps_effect", ops.take_effect = take_effect)
