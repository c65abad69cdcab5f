// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-03. Effect and response have one type in the first program that is tried, and the echo of the effect
// passes for an answer.
#include "conformance/mutants/effect/base.h"

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (status == SM_OK && *out_poll == SM_POLL_READY) {
        *out_response = (void *)(uintptr_t)value;
    }
    return status;
}

EFFECT_MUTANT("ready_gives_effect_back", ops.request = request)
