// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-32. Every key whose generation is not that of its place is called stale, one from the future too.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_find(struct sm_effect_registry *registry, uint64_t key, struct sm_effect **out_effect) {
    enum sm_status status = effect_registry_find(registry, key, out_effect);
    return status == SM_UNKNOWN && (uint32_t)key - 1 < registry->count ? SM_STALE : status;
}

EFFECT_MUTANT("forged_generation_is_stale", ops.registry_find = registry_find)
