// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-31. Places are given out in order, and nobody collects those that were freed.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    if (registry != NULL && out_key != NULL && registry->capacity != 0) {
        pthread_mutex_lock(&registry->lock);
        int used_up = registry->count == registry->capacity;
        pthread_mutex_unlock(&registry->lock);
        if (used_up) {
            return SM_EXHAUSTED;
        }
    }
    return effect_registry_add(registry, out_key);
}

EFFECT_MUTANT("freed_place_is_lost", ops.registry_add = registry_add)
