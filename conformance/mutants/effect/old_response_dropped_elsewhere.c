// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-40. Drops are handed to a clean-up thread, to keep fulfill short: a value that belongs to a thread
// is dropped on the wrong one.
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

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    struct place old = place_put(&effect->response, response);
    pthread_mutex_unlock(&effect->lock);
    drop_elsewhere(old);
    return SM_OK;
}

EFFECT_MUTANT("old_response_dropped_elsewhere", ops.fulfill = fulfill)
