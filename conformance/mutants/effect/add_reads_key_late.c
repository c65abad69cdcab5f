// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-36. The key is read back after the lock was given up, as that of the last place: by then another
// thread has added one. sched_yield stands for the preemption that comes once in a million.
#include <sched.h>

#include "conformance/mutants/effect/base.h"

static enum sm_status registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    enum sm_status status = effect_registry_add(registry, out_key);
    if (status == SM_OK && registry->capacity == 0) {
        sched_yield();
        pthread_mutex_lock(&registry->lock);
        *out_key = key_of(registry, registry->count - 1);
        pthread_mutex_unlock(&registry->lock);
    }
    return status;
}

EFFECT_MUTANT("add_reads_key_late", ops.registry_add = registry_add)
