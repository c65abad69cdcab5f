// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-01. Channels are kept in stock for speed, and one that comes back from there still has the flags of
// its last user.
#include "conformance/mutants/effect/base.h"

static struct sm_effect *stock;

static enum sm_status create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                             struct sm_effect **out_effect) {
    if (stock == NULL) {
        return effect_create(effects, responses, out_effect);
    }
    *out_effect = stock;
    stock = NULL;
    (*out_effect)->references = 1;
    (*out_effect)->posted.type = effects;
    (*out_effect)->response.type = responses;
    return SM_OK;
}

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && effect_release(effect)) {
        place_drop(effect->posted);
        place_drop(effect->response);
        stock = effect;
    }
}

EFFECT_MUTANT("new_channel_keeps_old_content", ops.create = create, ops.destroy = destroy)
