// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor of futures: one allocation, and one call of the future's code.
#include "bench/floors/floor.h"

#include <stddef.h>
#include <stdlib.h>

struct sm_future {
    const struct sm_future_vtable *vtable;
    void *value;
    _Alignas(max_align_t) unsigned char state[];
};

static enum sm_status future_create(const struct sm_future_source *source, struct sm_future **out_future) {
    size_t size = source->vtable->size;
    struct sm_future *future = malloc(sizeof *future + size);
    future->vtable = source->vtable;
    for (size_t i = 0; i < size; i++) {
        future->state[i] = ((const unsigned char *)source->state)[i];
    }
    *out_future = future;
    return SM_OK;
}

static enum sm_status future_ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    (void)type;
    *out_future = malloc(sizeof **out_future);
    (*out_future)->vtable = NULL;
    (*out_future)->value = value;
    return SM_OK;
}

static enum sm_status future_poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    if (future->vtable == NULL) {
        *out_poll = SM_POLL_READY;
        *out_value = future->value;
        return SM_OK;
    }
    return future->vtable->poll(future->state, waker, out_poll, out_value);
}

static enum sm_status future_destroy(struct sm_future *future) {
    if (future->vtable != NULL) {
        future->vtable->drop(future->state);
    }
    free(future);
    return SM_OK;
}

const struct sm_future_ops floor_future = SLOTMARK_FUTURE_OPS(.after_ready = SM_AFTER_READY_FORWARDED,
                                                              .wakes = SM_WAKES_DELIVERED, .checks = SM_CHECKS_NOTHING);
