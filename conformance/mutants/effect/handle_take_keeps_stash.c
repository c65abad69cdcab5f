// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-28. handle_take is written as a look: host and handle drop the same effect.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_take(struct sm_effect_handle *handle, void **out_value) {
    enum sm_status status = effect_handle_take(handle, out_value);
    if (status == SM_OK) {
        handle->stash.full = 1;
    }
    return status;
}

EFFECT_MUTANT("handle_take_keeps_stash", ops.handle_take = handle_take)
