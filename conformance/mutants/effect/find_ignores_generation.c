// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-33. The generation is checked where a channel is removed, which is dangerous, and not where it is
// found: a late answer goes to another future.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_find(struct sm_effect_registry *registry, uint64_t key, struct sm_effect **out_effect) {
    enum sm_status status = effect_registry_find(registry, key, out_effect);
    uint32_t index = (uint32_t)key - 1;
    if (status == SM_STALE && registry->entries[index].effect != NULL) {
        return effect_registry_find(registry, key_of(registry, index), out_effect);
    }
    return status;
}

EFFECT_MUTANT("find_ignores_generation", ops.registry_find = registry_find)
