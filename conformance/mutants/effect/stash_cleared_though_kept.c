// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-25. The stash of a completed future is of no use, so it is cleared, and the declaration was not
// looked at.
#include "conformance/mutants/effect/base.h"

static void empty(struct sm_effect_handle *handle) {
    place_drop(handle->stash);
    handle->stash.full = 0;
}

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = effect_handle_poll(handle, out_poll, out_value);
    if (status == SM_FAILED || status == SM_FAULT || (status == SM_OK && *out_poll == SM_POLL_READY)) {
        empty(handle);
    }
    return status;
}

EFFECT_MUTANT("stash_cleared_though_kept", ops.handle_poll = handle_poll)
