// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-37. The channel is the caller's to check.
#include "conformance/mutants/effect/base.h"

static enum sm_status take_effect(struct sm_effect *effect, void **out_value) {
    if (out_value == NULL) {
        return SM_INVALID;
    }
    return effect_move_out(effect, &effect->posted, out_value) ? SM_OK : SM_EMPTY;
}

EFFECT_MUTANT("null_channel_crashes", ops.take_effect = take_effect)
