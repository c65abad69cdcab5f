// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-21. The handle is zeroed, and its flag says empty where it is 1.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_create(const struct sm_future_source *source, const struct sm_value_type *effects,
                                    void *context, struct sm_effect_handle **out_handle) {
    enum sm_status status = effect_handle_create(source, effects, context, out_handle);
    if (status == SM_OK) {
        (*out_handle)->stash.full = 1;
    }
    return status;
}

static enum sm_status handle_stash(struct sm_effect_handle *handle, void *value) {
    if (handle != NULL && handle->stash.value == NULL) {
        handle->stash.full = 0;
    }
    return effect_handle_stash(handle, value);
}

static enum sm_status handle_destroy(struct sm_effect_handle *handle) {
    if (handle != NULL && handle->stash.value == NULL) {
        handle->stash.full = 0;
    }
    return effect_handle_destroy(handle);
}

EFFECT_MUTANT("handle_starts_with_null_stash", ops.handle_create = handle_create, ops.handle_stash = handle_stash,
              ops.handle_destroy = handle_destroy)
