// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-25. A poll begins a new step, so the stash of the last one is cleared first: the host that polls too
// early loses its effect.
#include "conformance/mutants/effect/base.h"

static void empty(struct sm_effect_handle *handle) {
    place_drop(handle->stash);
    handle->stash.full = 0;
}

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    if (handle != NULL && out_poll != NULL && out_value != NULL) {
        empty(handle);
    }
    return effect_handle_poll(handle, out_poll, out_value);
}

EFFECT_MUTANT("stash_cleared_by_every_poll", ops.handle_poll = handle_poll, ops.stash = SM_STASH_CLEARED)
