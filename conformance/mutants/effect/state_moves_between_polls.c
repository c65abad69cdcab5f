// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-51. The state is moved to a fresh box after each poll, as a value that is copied would allow: a
// future that points into itself does not.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = effect_handle_poll(handle, out_poll, out_value);
    if (status == SM_OK) {
        void *state = state_allocate(handle->vtable);
        memcpy(state, handle->state, handle->vtable->size);
        free(handle->state);
        handle->state = state;
    }
    return status;
}

EFFECT_MUTANT("state_moves_between_polls", ops.handle_poll = handle_poll)
