// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-20. Answers are numbered in a byte, and one is new while its number is greater than the last: the
// 256th is not.
#include "conformance/mutants/effect/base.h"

static struct sm_effect *counted; // the channel that was used last
static unsigned char answered;

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    enum sm_status status = effect_request(effect, value, out_poll, out_response);
    if (status == SM_OK && *out_poll == SM_POLL_READY) {
        answered = effect == counted ? (unsigned char)(answered + 1) : 1;
        counted = effect;
        if (answered == 0) {
            effect_fulfill(effect, *out_response);
            *out_poll = SM_POLL_PENDING;
        }
    }
    return status;
}

EFFECT_MUTANT("answer_numbers_wrap", ops.request = request)
