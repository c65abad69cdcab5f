// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-45. A response that cannot be stored is dropped, as a value in Rust would be; the host in C, which
// was told that it still owns it, drops it again.
#include "conformance/mutants/effect/base.h"

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    void *record = malloc(16);
    if (record == NULL) {
        place_drop((struct place){effect->response.type, 1, response});
        return SM_NO_MEMORY;
    }
    free(record);
    return effect_fulfill(effect, response);
}

EFFECT_MUTANT("out_of_memory_eats_response", ops.fulfill = fulfill, ops.out_of_memory = SM_OUT_OF_MEMORY_REPORTED)
