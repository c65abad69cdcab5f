// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-33. Two owners clean up the same key, and the second takes away the channel that came after.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    enum sm_status status = effect_registry_remove(registry, key);
    uint32_t index = (uint32_t)key - 1;
    if (status == SM_STALE && registry->entries[index].effect != NULL) {
        effect_registry_remove(registry, key_of(registry, index));
    }
    return status;
}

EFFECT_MUTANT("remove_ignores_generation", ops.registry_remove = registry_remove)
