// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-38. What is NULL is not dropped, as free would not.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_destroy(struct sm_effect_handle *handle) {
    if (handle != NULL && handle->stash.value == NULL) {
        handle->stash.full = 0;
    }
    return effect_handle_destroy(handle);
}

EFFECT_MUTANT("null_stash_leaks", ops.handle_destroy = handle_destroy)
