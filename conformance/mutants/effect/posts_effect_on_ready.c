// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-05. request posts first and looks for a response then, in the order in which the protocol is told:
// the host performs an effect that has been answered.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (status == SM_OK && *out_poll == SM_POLL_READY) {
        void *copy;
        status = effect_clone(effect, value, &copy);
        if (status == SM_OK) {
            effect_move_in(effect, &effect->posted, copy);
        }
    }
    return status;
}

EFFECT_MUTANT("posts_effect_on_ready", ops.request = request)
