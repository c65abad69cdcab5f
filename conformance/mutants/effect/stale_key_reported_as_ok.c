// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-32. remove is thought to be safe to repeat, so a second one reports success.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    enum sm_status status = effect_registry_remove(registry, key);
    return status == SM_STALE ? SM_OK : status;
}

EFFECT_MUTANT("stale_key_reported_as_ok", ops.registry_remove = registry_remove)
