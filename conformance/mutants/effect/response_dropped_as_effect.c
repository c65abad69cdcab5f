// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-56. One type is kept for both directions, that of effects, which are the same in the first program.
#include "conformance/mutants/effect/base.h"

static enum sm_status create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                             struct sm_effect **out_effect) {
    return effect_create(effects, responses == NULL ? NULL : effects, out_effect);
}

EFFECT_MUTANT("response_dropped_as_effect", ops.create = create)
