// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-24. A stash that is full is taken for one that the host has not looked at yet, and is not disturbed.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_stash(struct sm_effect_handle *handle, void *value) {
    if (handle == NULL) {
        return SM_INVALID;
    }
    if (handle->stash.full) {
        place_drop((struct place){handle->stash.type, 1, value});
        return SM_OK;
    }
    return effect_handle_stash(handle, value);
}

EFFECT_MUTANT("stash_keeps_first", ops.handle_stash = handle_stash)
