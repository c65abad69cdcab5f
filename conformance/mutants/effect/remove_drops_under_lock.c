// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-41. remove gives its reference up before it unlocks the table: the last one drops values, which may
// use the table.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    struct entry *entry = NULL;
    if (registry == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&registry->lock);
    enum sm_status status = registry_look_up(registry, key, &entry);
    if (status == SM_OK) {
        struct sm_effect *effect = entry->effect;
        *entry = (struct entry){entry->generation + 1, NULL};
        effect_destroy(effect);
    }
    pthread_mutex_unlock(&registry->lock);
    return status;
}

EFFECT_MUTANT("remove_drops_under_lock", ops.registry_remove = registry_remove)
