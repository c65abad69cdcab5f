// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-37. A host that does not want the key is served all the same: a channel lives that nobody can reach.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    uint64_t key;
    enum sm_status status = effect_registry_add(registry, out_key ? out_key : &key);
    return out_key == NULL ? SM_INVALID : status;
}

EFFECT_MUTANT("add_without_key_uses_place_up", ops.registry_add = registry_add)
