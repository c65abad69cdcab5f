// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-25. The poll that completes asks the stash's value whether there is one.
#include "conformance/mutants/effect/base.h"

static enum sm_status poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = effect_handle_poll(handle, out_poll, out_value);
    if (status != SM_INVALID && (status != SM_OK || *out_poll == SM_POLL_READY)) {
        struct place old = handle->stash;
        handle->stash.full = 0;
        old.full = old.full && old.value != NULL;
        place_drop(old);
    }
    return status;
}

EFFECT_MUTANT("cleared_null_stash_leaks", ops.handle_poll = poll; ops.stash = SM_STASH_CLEARED)
