// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-36. remove looks the key up and removes in a second step, so that of two both succeed. sched_yield
// stands for the preemption that comes once in a million.
#include <sched.h>

#include "conformance/mutants/effect/base.h"

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    struct sm_effect *effect;
    enum sm_status status = effect_registry_find(registry, key, &effect);
    if (status == SM_OK) {
        sched_yield();
        effect_registry_remove(registry, key);
        effect_destroy(effect);
    }
    return status;
}

EFFECT_MUTANT("remove_in_two_steps", ops.registry_remove = registry_remove)
