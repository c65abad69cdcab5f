// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-27. The box is freed, and what lives in it is not ended first.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_destroy(struct sm_effect_handle *handle) {
    if (handle != NULL) {
        place_drop(handle->stash);
        handle_free(handle);
    }
    return SM_OK;
}

EFFECT_MUTANT("handle_destroy_leaks_future", ops.handle_destroy = handle_destroy)
