// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-38. The response stands for its own flag, and NULL for none: a response without content never
// arrives.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    if (response == NULL) {
        return SM_OK;
    }
    return effect_fulfill(effect, response);
}

EFFECT_MUTANT("null_response_is_none", ops.fulfill = fulfill)
