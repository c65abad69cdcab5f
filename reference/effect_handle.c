// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/effect_handle.h"

#include <stdlib.h>

// Calls on one handle never run at once: nothing here is atomic.
struct sm_effect_handle {
    struct sm_future *future;
    const struct sm_value_type *effects;
    void *context;
    int stashed; // whether `stash` holds a value
    void *stash;
};

// drop_stash empties the stash first: the drop may call back, and must not find the value that is being dropped.
static void drop_stash(struct sm_effect_handle *handle) {
    if (handle->stashed) {
        handle->stashed = 0;
        sm_value_type_drop(handle->effects, handle->stash);
    }
}

enum sm_status sm_effect_handle_create(const struct sm_future_source *source, const struct sm_value_type *effects,
                                       void *context, struct sm_effect_handle **out_handle) {
    if (!sm_value_type_is_valid(effects) || out_handle == NULL) {
        return SM_INVALID;
    }
    struct sm_effect_handle *handle = malloc(sizeof *handle);
    if (handle == NULL) {
        return SM_NO_MEMORY;
    }
    *handle = (struct sm_effect_handle){.effects = effects, .context = context};
    enum sm_status status = sm_future_create(source, &handle->future);
    if (status != SM_OK) {
        free(handle);
        return status;
    }
    *out_handle = handle;
    return SM_OK;
}

enum sm_status sm_effect_handle_destroy(struct sm_effect_handle *handle) {
    if (handle == NULL) {
        return SM_OK;
    }
    enum sm_status status = sm_future_destroy(handle->future);
    if (status != SM_OK) {
        return status;
    }
    drop_stash(handle);
    free(handle);
    return SM_OK;
}

enum sm_status sm_effect_handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    if (handle == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = sm_future_poll(handle->future, NULL, out_poll, out_value);
    if (status == SM_FAILED || status == SM_FAULT || (status == SM_OK && *out_poll == SM_POLL_READY)) {
        drop_stash(handle);
    }
    return status;
}

enum sm_status sm_effect_handle_stash(struct sm_effect_handle *handle, void *value) {
    if (handle == NULL) {
        return SM_INVALID;
    }
    int replaces = handle->stashed;
    void *old = handle->stash;
    handle->stashed = 1;
    handle->stash = value;
    if (replaces) {
        sm_value_type_drop(handle->effects, old);
    }
    return SM_OK;
}

enum sm_status sm_effect_handle_peek(const struct sm_effect_handle *handle, const void **out_value) {
    if (handle == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    if (!handle->stashed) {
        return SM_EMPTY;
    }
    *out_value = handle->stash;
    return SM_OK;
}

enum sm_status sm_effect_handle_take(struct sm_effect_handle *handle, void **out_value) {
    if (handle == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    if (!handle->stashed) {
        return SM_EMPTY;
    }
    handle->stashed = 0;
    *out_value = handle->stash;
    return SM_OK;
}

enum sm_status sm_effect_handle_context(const struct sm_effect_handle *handle, void **out_context) {
    if (handle == NULL || out_context == NULL) {
        return SM_INVALID;
    }
    *out_context = handle->context;
    return SM_OK;
}
