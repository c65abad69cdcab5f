// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The smallest boxed future: a handle, and the state in memory of its own. Calls on one future never run at once, so
// there is nothing to lock.
//
//     cc -std=c17 -shared -fPIC -fvisibility=hidden -Iconformance conformance/examples/future.c -o libfuture.so
#include <stdlib.h>
#include <string.h>

#include "slotmark_define.h"

struct sm_future {
    const struct sm_future_vtable *vtable;
    void *state;
    int completed;
};

static int is_valid(const struct sm_future_source *source) {
    const struct sm_future_vtable *vtable = source == NULL ? NULL : source->vtable;
    return vtable != NULL && vtable->poll != NULL && vtable->drop != NULL && vtable->align != 0 &&
           (vtable->align & (vtable->align - 1)) == 0 && vtable->align <= 4096 && vtable->size <= SIZE_MAX - 4096 &&
           (source->state != NULL || vtable->size == 0) &&
           (source->form == SM_FORM_SENDABLE || source->form == SM_FORM_LOCAL);
}

static enum sm_status future_create(const struct sm_future_source *source, struct sm_future **out_future) {
    if (!is_valid(source) || out_future == NULL) {
        return SM_INVALID;
    }
    const struct sm_future_vtable *vtable = source->vtable;
    size_t align = vtable->align < _Alignof(max_align_t) ? _Alignof(max_align_t) : vtable->align;
    size_t whole = (vtable->size / align + 1) * align; // aligned_alloc wants a multiple, and not 0
    struct sm_future *future = malloc(sizeof *future);
    void *state = aligned_alloc(align, whole);
    if (future == NULL || state == NULL) {
        free(state);
        free(future);
        return SM_NO_MEMORY;
    }
    if (vtable->size != 0) {
        memcpy(state, source->state, vtable->size);
    }
    *future = (struct sm_future){vtable, state, 0};
    *out_future = future;
    return SM_OK;
}

// A ready value is a future like any other; its state owns the value until the poll that gives it.
struct ready {
    const struct sm_value_type *type;
    void *value;
    int given;
};

static enum sm_status ready_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)waker;
    struct ready *ready = state;
    ready->given = 1;
    *out_poll = SM_POLL_READY;
    *out_value = ready->value;
    return SM_OK;
}

static void ready_drop(void *state) {
    const struct ready *ready = state;
    if (!ready->given) {
        ready->type->drop(ready->type->context, ready->value);
    }
}

static enum sm_status future_ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    static const struct sm_future_vtable vtable = {sizeof(struct ready), _Alignof(struct ready), ready_poll,
                                                   ready_drop};
    const struct ready ready = {type, value, 0};
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &ready};
    return type == NULL ? SM_INVALID : future_create(&source, out_future);
}

static const struct sm_waker noop_waker;

static enum sm_status noop_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = noop_waker;
    return SM_OK;
}

static void noop_owned(void *data) {
    (void)data;
}

static void noop_lent(const void *data) {
    (void)data;
}

static const struct sm_waker_vtable noop_vtable = {noop_clone, noop_owned, noop_lent, noop_owned};
static const struct sm_waker noop_waker = {NULL, &noop_vtable};

static enum sm_status future_poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    if (future == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    if (future->completed) {
        return SM_COMPLETED;
    }
    enum sm_status status =
        future->vtable->poll(future->state, waker == NULL ? &noop_waker : waker, out_poll, out_value);
    future->completed = status != SM_OK || *out_poll == SM_POLL_READY;
    return status;
}

static enum sm_status future_destroy(struct sm_future *future) {
    if (future != NULL) {
        future->vtable->drop(future->state);
        free(future->state);
        free(future);
    }
    return SM_OK;
}

SLOTMARK_FUTURE(.after_ready = SM_AFTER_READY_REFUSED, .wakes = SM_WAKES_DELIVERED, .checks = SM_CHECKS_NOTHING);
SLOTMARK_IMPLEMENTATION("example future", "1.0", .future = &slotmark_future);
