// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-30. The generation of a place is kept in 16 bits, which were thought to last: the 65,536th channel
// gets the key of the first.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    enum sm_status status = effect_registry_remove(registry, key);
    uint32_t index = (uint32_t)key - 1;
    if (status == SM_OK) {
        pthread_mutex_lock(&registry->lock);
        if (registry->entries[index].generation > UINT16_MAX) {
            registry->entries[index].generation = 1;
        }
        pthread_mutex_unlock(&registry->lock);
    }
    return status;
}

EFFECT_MUTANT("generation_is_16_bits", ops.registry_remove = registry_remove)
