// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-19. References are counted in 16 bits: with 65,536 of them the count is 0, and a destroy that finds it
// so again is taken for the last.
#include "conformance/mutants/effect/base.h"

static void destroy(struct sm_effect *effect) {
    if (effect == NULL) {
        return;
    }
    int last = effect_release(effect);
    pthread_mutex_lock(&effect->lock);
    int seems_last = (effect->references & 0xffff) == 0;
    struct place posted = effect->posted, response = effect->response;
    if (seems_last) {
        effect->posted.full = effect->response.full = 0;
    }
    pthread_mutex_unlock(&effect->lock);
    if (seems_last) {
        place_drop(posted);
        place_drop(response);
    }
    if (last) {
        effect_free(effect);
    }
}

EFFECT_MUTANT("sixteen_bits_count_the_references", ops.destroy = destroy)
