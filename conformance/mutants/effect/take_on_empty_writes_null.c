// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-47. The out-parameter is cleared first, to be on the safe side: a host that keeps its last effect
// there loses it.
#include "conformance/mutants/effect/base.h"

static enum sm_status take_effect(struct sm_effect *effect, void **out_value) {
    if (out_value != NULL) {
        *out_value = NULL;
    }
    return effect_take_effect(effect, out_value);
}

EFFECT_MUTANT("take_on_empty_writes_null", ops.take_effect = take_effect)
