// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-48. The channel remembers the effect that was taken last, and ends it with itself: it was the
// host's.
#include "conformance/mutants/effect/base.h"

static struct place gone;
static struct sm_effect *holder;

static enum sm_status take_effect(struct sm_effect *effect, void **out_value) {
    enum sm_status status = effect_take_effect(effect, out_value);
    if (status == SM_OK) {
        holder = effect;
        gone = (struct place){effect->posted.type, 1, *out_value};
    }
    return status;
}

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && holder == effect) {
        place_drop(gone);
        holder = NULL;
    }
    effect_destroy(effect);
}

EFFECT_MUTANT("destroy_drops_taken_effect", ops.take_effect = take_effect, ops.destroy = destroy)
