// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-51. malloc aligns for everything that C has, and for nothing beyond.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_create(const struct sm_future_source *source, const struct sm_value_type *effects,
                                    void *context, struct sm_effect_handle **out_handle) {
    enum sm_status status = effect_handle_create(source, effects, context, out_handle);
    if (status == SM_OK) {
        struct sm_effect_handle *handle = *out_handle;
        unsigned char *state = aligned_alloc(4096, handle->vtable->size / 4096 * 4096 + 8192);
        free(handle->state); // the box below is never freed: its address is not one that free would know
        memcpy(state + 16, source->state, handle->vtable->size);
        handle->state = state + 16;
    }
    return status;
}

static enum sm_status handle_destroy(struct sm_effect_handle *handle) {
    if (handle != NULL) {
        handle->vtable->drop(handle->state);
        place_drop(handle->stash);
        free(handle);
    }
    return SM_OK;
}

EFFECT_MUTANT("state_misaligned", ops.handle_create = handle_create, ops.handle_destroy = handle_destroy)
