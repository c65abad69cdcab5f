// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-35. A growing table got a bound when it was tested, and kept it.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    if (registry != NULL && out_key != NULL) {
        pthread_mutex_lock(&registry->lock);
        int bounded = registry->capacity == 0 && registry->count == 4096;
        pthread_mutex_unlock(&registry->lock);
        if (bounded) {
            return SM_EXHAUSTED;
        }
    }
    return effect_registry_add(registry, out_key);
}

EFFECT_MUTANT("growth_ends_at_4096", ops.registry_add = registry_add)
