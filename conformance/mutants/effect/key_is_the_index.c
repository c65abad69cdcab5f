// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-30. The key is the index of the place: the next channel there gets the same one.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    enum sm_status status = effect_registry_add(registry, out_key);
    if (status == SM_OK) {
        *out_key &= 0xffffffff;
    }
    return status;
}

// current turns an index into the key that is live there, or was last.
static uint64_t current(struct sm_effect_registry *registry, uint64_t key) {
    uint32_t index = (uint32_t)key - 1;
    if (registry == NULL || key == 0 || key >> 32 != 0) {
        return key >> 32 != 0 ? UINT64_MAX : key;
    }
    pthread_mutex_lock(&registry->lock);
    if (index < registry->count) {
        key = key_of(registry, index);
        if (registry->entries[index].effect == NULL) {
            key -= UINT64_C(1) << 32;
        }
    }
    pthread_mutex_unlock(&registry->lock);
    return key;
}

static enum sm_status registry_find(struct sm_effect_registry *registry, uint64_t key, struct sm_effect **out_effect) {
    return effect_registry_find(registry, current(registry, key), out_effect);
}

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    return effect_registry_remove(registry, current(registry, key));
}

EFFECT_MUTANT("key_is_the_index", ops.registry_add = registry_add, ops.registry_find = registry_find,
              ops.registry_remove = registry_remove)
