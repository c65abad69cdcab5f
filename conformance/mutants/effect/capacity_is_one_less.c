// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-31. One place is kept free to tell full from empty, as in a ring.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_create(uint32_t capacity, const struct sm_value_type *effects,
                                      const struct sm_value_type *responses, struct sm_effect_registry **out_registry) {
    return effect_registry_create(capacity > 1 ? capacity - 1 : capacity, effects, responses, out_registry);
}

EFFECT_MUTANT("capacity_is_one_less", ops.registry_create = registry_create)
