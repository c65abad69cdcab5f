// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-18. request looks whether a response waits, and takes it in a second step: two futures see the same
// one. sched_yield stands for the preemption that comes once in a million.
#include <sched.h>

#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    struct place seen = effect->response;
    pthread_mutex_unlock(&effect->lock);
    if (!seen.full) {
        return effect_request(effect, value, out_poll, out_response);
    }
    sched_yield();
    pthread_mutex_lock(&effect->lock);
    effect->response.full = 0;
    pthread_mutex_unlock(&effect->lock);
    *out_poll = SM_POLL_READY;
    *out_response = seen.value;
    return SM_OK;
}

EFFECT_MUTANT("request_checks_then_takes", ops.request = request)
