// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-32. The index in the key is trusted, since the registry issued it: a host can invent one.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_find(struct sm_effect_registry *registry, uint64_t key, struct sm_effect **out_effect) {
    if (registry != NULL && key != 0 && out_effect != NULL) {
        struct entry *volatile entries = registry->entries;
        *(volatile uint32_t *)&entries[(uint32_t)key - 1].generation;
    }
    return effect_registry_find(registry, key, out_effect);
}

EFFECT_MUTANT("unknown_key_crashes", ops.registry_find = registry_find)
