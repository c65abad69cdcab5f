// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-36. find gives the lock up before it counts its reference: a remove between the two has dropped what
// the channel held. The pause stands for the preemption that comes once in a million, and what was freed stays
// readable.
#include "conformance/mutants/effect/base.h"

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && effect_release(effect)) {
        place_drop(effect->posted);
        place_drop(effect->response);
        effect->posted.full = effect->response.full = 0;
    }
}

static enum sm_status registry_find(struct sm_effect_registry *registry, uint64_t key, struct sm_effect **out_effect) {
    enum sm_status status = effect_registry_find(registry, key, out_effect);
    if (status == SM_OK) {
        destroy(*out_effect);
        for (volatile int i = 0; i < 20000; i++) {
        }
        effect_share(*out_effect);
    }
    return status;
}

static enum sm_status registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    struct sm_effect *effect = NULL;
    if (registry == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = registry_detach(registry, key, &effect);
    destroy(effect);
    return status;
}

EFFECT_MUTANT("find_shares_too_late", ops.destroy = destroy, ops.registry_find = registry_find,
              ops.registry_remove = registry_remove)
