// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-27. The stash is thought to be the host's, which was the one to put it there.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_destroy(struct sm_effect_handle *handle) {
    if (handle != NULL) {
        handle->stash.full = 0;
    }
    return effect_handle_destroy(handle);
}

EFFECT_MUTANT("handle_destroy_leaks_stash", ops.handle_destroy = handle_destroy)
