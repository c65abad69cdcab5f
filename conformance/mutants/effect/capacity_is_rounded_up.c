// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-31. The table is made a power of two, so that an index is a mask, and the capacity with it.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_create(uint32_t capacity, const struct sm_value_type *effects,
                                      const struct sm_value_type *responses, struct sm_effect_registry **out_registry) {
    uint32_t power = 1;
    while (power < capacity) {
        power *= 2;
    }
    return effect_registry_create(capacity == 0 ? 0 : power, effects, responses, out_registry);
}

EFFECT_MUTANT("capacity_is_rounded_up", ops.registry_create = registry_create)
