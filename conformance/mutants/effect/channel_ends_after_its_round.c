// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-44. A channel is thought of as a promise, which is kept once: the second effect of a future is never
// posted.
#include "conformance/mutants/effect/base.h"

static struct sm_effect *kept; // the channel that has answered

static enum sm_status create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                             struct sm_effect **out_effect) {
    enum sm_status status = effect_create(effects, responses, out_effect);
    kept = NULL;
    return status;
}

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect != NULL && effect == kept && out_poll != NULL && out_response != NULL) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (status == SM_OK && *out_poll == SM_POLL_READY) {
        kept = effect;
    }
    return status;
}

EFFECT_MUTANT("channel_ends_after_its_round", ops.create = create, ops.request = request)
