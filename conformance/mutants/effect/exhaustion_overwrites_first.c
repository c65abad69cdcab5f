// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-31. The table is used as a ring, and where it is full the oldest channel makes room.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    enum sm_status status = effect_registry_add(registry, out_key);
    if (status == SM_EXHAUSTED) {
        effect_registry_remove(registry, key_of(registry, 0));
        effect_registry_add(registry, out_key);
    }
    return status;
}

EFFECT_MUTANT("exhaustion_overwrites_first", ops.registry_add = registry_add)
