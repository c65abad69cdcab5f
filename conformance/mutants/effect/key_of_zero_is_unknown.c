// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-32. A key of 0 is a key that was never issued; that a host forgot to set it is not told.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_find(struct sm_effect_registry *registry, uint64_t key, struct sm_effect **out_effect) {
    enum sm_status status = effect_registry_find(registry, key, out_effect);
    return registry != NULL && out_effect != NULL && key == 0 ? SM_UNKNOWN : status;
}

EFFECT_MUTANT("key_of_zero_is_unknown", ops.registry_find = registry_find)
