// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-17. Posting begins a round trip, and so clears the response: one that came between the look and the
// post is lost. sched_yield stands for the preemption that comes once in a million.
#include <sched.h>

#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    void *copy, *late;
    if (effect_move_out(effect, &effect->response, out_response)) {
        *out_poll = SM_POLL_READY;
        return SM_OK;
    }
    enum sm_status status = effect_clone(effect, value, &copy);
    if (status != SM_OK) {
        return status;
    }
    sched_yield();
    if (effect_move_out(effect, &effect->response, &late)) {
        place_drop((struct place){effect->response.type, 1, late});
    }
    effect_move_in(effect, &effect->posted, copy);
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

EFFECT_MUTANT("post_forgets_late_response", ops.request = request)
