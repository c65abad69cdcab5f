// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-34. The registry made its channels, and ends them with itself: a future that is in flight loses its
// answer.
#include "conformance/mutants/effect/base.h"

static void registry_destroy(struct sm_effect_registry *registry) {
    void *value;
    for (uint32_t i = 0; registry != NULL && i < registry->count; i++) {
        struct sm_effect *effect = registry->entries[i].effect;
        if (effect != NULL && effect_move_out(effect, &effect->response, &value)) {
            place_drop((struct place){effect->response.type, 1, value});
        }
    }
    effect_registry_destroy(registry);
}

EFFECT_MUTANT("registry_destroy_empties_channels", ops.registry_destroy = registry_destroy)
