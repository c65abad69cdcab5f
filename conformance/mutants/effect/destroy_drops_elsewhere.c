// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-55. What the channel holds is dropped by a clean-up thread, to keep destroy short: a value that
// belongs to a thread is dropped on the wrong one.
#include "conformance/mutants/effect/base.h"

static void *drop_task(void *argument) {
    place_drop(*(struct place *)argument);
    return NULL;
}

static void drop_elsewhere(struct place old) {
    pthread_t helper;
    if (old.full && pthread_create(&helper, NULL, drop_task, &old) == 0) {
        pthread_join(helper, NULL);
    }
}

static void destroy(struct sm_effect *effect) {
    if (effect != NULL && effect_release(effect)) {
        drop_elsewhere(effect->posted);
        drop_elsewhere(effect->response);
        effect_free(effect);
    }
}

EFFECT_MUTANT("destroy_drops_elsewhere", ops.destroy = destroy)
