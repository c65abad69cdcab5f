// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-45. Declared of the places, which hold a word; that fulfill keeps a record of each response was
// forgotten.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    void *record = malloc(16);
    enum sm_status status = record == NULL ? SM_NO_MEMORY : effect_fulfill(effect, response);
    free(record);
    return effect == NULL ? SM_INVALID : status;
}

EFFECT_MUTANT("claims_never_to_allocate", ops.fulfill = fulfill)
