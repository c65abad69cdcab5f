// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-54. The table is freed, and not what it points to.
#include "conformance/mutants/effect/base.h"

static void registry_destroy(struct sm_effect_registry *registry) {
    if (registry != NULL) {
        registry_free(registry);
    }
}

EFFECT_MUTANT("registry_destroy_leaks_channels", ops.registry_destroy = registry_destroy)
