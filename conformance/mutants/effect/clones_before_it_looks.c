// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-39. The clone is made first, outside the lock, and is needed in most cases: where it fails, a
// response that waits is not given.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    void *copy;
    enum sm_status status = effect_clone(effect, value, &copy);
    if (status != SM_OK) {
        return status;
    }
    if (effect_move_out(effect, &effect->response, out_response)) {
        place_drop((struct place){effect->posted.type, 1, copy});
        *out_poll = SM_POLL_READY;
        return SM_OK;
    }
    effect_move_in(effect, &effect->posted, copy);
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

EFFECT_MUTANT("clones_before_it_looks", ops.request = request)
