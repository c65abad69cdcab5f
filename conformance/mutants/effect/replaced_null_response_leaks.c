// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-38. A NULL that is replaced is not taken for a response.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect != NULL && effect->response.value == NULL) {
        effect->response.full = 0;
    }
    return effect_fulfill(effect, response);
}

EFFECT_MUTANT("replaced_null_response_leaks", ops.fulfill = fulfill)
