// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-54. remove takes the key out of the table, and the table's reference with it.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    struct sm_effect *effect;
    return registry == NULL ? SM_INVALID : registry_detach(registry, key, &effect);
}

EFFECT_MUTANT("remove_leaks_channel", ops.registry_remove = registry_remove)
