// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-53. A channel whose key is removed is kept for the next one, and its flags are not cleared: a future
// gets the answer to another's effect.
#include "conformance/mutants/effect/base.h"

static struct sm_effect *stock;

static enum sm_status registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    enum sm_status status = effect_registry_add(registry, out_key);
    struct sm_effect *effect;
    if (status == SM_OK && stock != NULL && effect_registry_find(registry, *out_key, &effect) == SM_OK) {
        effect->response = stock->response;
        effect->posted = stock->posted;
        effect_destroy(effect);
        effect_free(stock);
        stock = NULL;
    }
    return status;
}

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    struct sm_effect *effect = NULL;
    if (registry == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = registry_detach(registry, key, &effect);
    if (effect != NULL && effect_release(effect)) {
        place_drop(effect->posted);
        place_drop(effect->response);
        stock = effect;
    }
    return status;
}

EFFECT_MUTANT("registry_recycles_full_channels", ops.registry_add = registry_add, ops.registry_remove = registry_remove)
