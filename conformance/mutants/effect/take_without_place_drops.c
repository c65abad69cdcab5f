// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-37. The effect is moved out first, and where there is nowhere to write it to it is dropped.
#include "conformance/mutants/effect/base.h"

static enum sm_status take_effect(struct sm_effect *effect, void **out_value) {
    void *value;
    if (effect == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = effect_take_effect(effect, out_value ? out_value : &value);
    if (out_value != NULL) {
        return status;
    }
    if (status == SM_OK) {
        place_drop((struct place){effect->posted.type, 1, value});
    }
    return SM_INVALID;
}

EFFECT_MUTANT("take_without_place_drops", ops.take_effect = take_effect)
