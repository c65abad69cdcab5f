// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-34. remove ends the conversation: it drops what the channel holds, whoever refers to it.
#include "conformance/mutants/effect/base.h"

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    struct sm_effect *effect = NULL;
    void *value;
    if (effect_registry_find(registry, key, &effect) == SM_OK) {
        if (effect_move_out(effect, &effect->posted, &value)) {
            place_drop((struct place){effect->posted.type, 1, value});
        }
        if (effect_move_out(effect, &effect->response, &value)) {
            place_drop((struct place){effect->response.type, 1, value});
        }
        effect_destroy(effect);
    }
    return effect_registry_remove(registry, key);
}

EFFECT_MUTANT("remove_empties_the_channel", ops.registry_remove = registry_remove)
