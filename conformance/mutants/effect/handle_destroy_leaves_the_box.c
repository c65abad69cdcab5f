// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-58. The future is dropped in place, and its memory is forgotten.
#include "conformance/mutants/effect/base.h"

static enum sm_status destroy(struct sm_effect_handle *handle) {
    if (handle != NULL) {
        handle->vtable->drop(handle->state);
        place_drop(handle->stash);
        free(handle);
    }
    return SM_OK;
}

EFFECT_MUTANT("handle_destroy_leaves_the_box", ops.handle_destroy = destroy)
