// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-38. The effect stands for its own flag, and NULL for none: the host finds nothing to do.
#include "conformance/mutants/effect/base.h"

static enum sm_status take_effect(struct sm_effect *effect, void **out_value) {
    if (effect == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    void *value;
    enum sm_status status = effect_take_effect(effect, &value);
    if (status != SM_OK || value == NULL) {
        return SM_EMPTY;
    }
    *out_value = value;
    return SM_OK;
}

EFFECT_MUTANT("null_effect_is_none", ops.take_effect = take_effect)
