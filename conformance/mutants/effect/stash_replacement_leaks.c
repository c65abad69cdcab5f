// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-24. The new effect is stored over the old one, as C stores.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_stash(struct sm_effect_handle *handle, void *value) {
    if (handle == NULL) {
        return SM_INVALID;
    }
    place_put(&handle->stash, value);
    return SM_OK;
}

EFFECT_MUTANT("stash_replacement_leaks", ops.handle_stash = handle_stash)
