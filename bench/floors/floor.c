// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor: the locked instructions and allocations that a profile's semantics force, behind the same table as
// everybody's, and nothing else. No argument is looked at, nothing is dropped, a value NULL is taken for none. It does
// not conform, and is not judged. A locked instruction right behind a call waits for the return address to be stored;
// code that has something to do in between can be a little quicker than this.
#include <stdatomic.h>
#include <stdlib.h>

#include "slotmark_define.h"

// slot: one exchange an operation.
struct sm_slot {
    _Atomic(void *) word;
};

static enum sm_status slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    (void)type;
    *out_slot = malloc(sizeof **out_slot);
    atomic_init(&(*out_slot)->word, NULL);
    return SM_OK;
}

static void slot_destroy(struct sm_slot *slot) {
    free(slot);
}

static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    atomic_exchange_explicit(&slot->word, value, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    *out_value = atomic_exchange_explicit(&slot->word, NULL, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status slot_exchange(struct sm_slot *slot, void *value, void **out_old) {
    *out_old = atomic_exchange_explicit(&slot->word, value, memory_order_acq_rel);
    return SM_OK;
}

// effect: one exchange an operation; a request that finds no response makes its exchange by posting, and looks before.
struct sm_effect {
    _Atomic(void *) posted, response;
};

static enum sm_status effect_create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                                    struct sm_effect **out_effect) {
    (void)effects;
    (void)responses;
    *out_effect = malloc(sizeof **out_effect);
    atomic_init(&(*out_effect)->posted, NULL);
    atomic_init(&(*out_effect)->response, NULL);
    return SM_OK;
}

static void effect_destroy(struct sm_effect *effect) {
    free(effect);
}

static enum sm_status effect_request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                                     void **out_response) {
    if (atomic_load_explicit(&effect->response, memory_order_acquire) != NULL) {
        *out_response = atomic_exchange_explicit(&effect->response, NULL, memory_order_acq_rel);
        *out_poll = SM_POLL_READY;
    } else {
        atomic_exchange_explicit(&effect->posted, (void *)(uintptr_t)value, memory_order_acq_rel);
        *out_poll = SM_POLL_PENDING;
    }
    return SM_OK;
}

static enum sm_status effect_take_effect(struct sm_effect *effect, void **out_value) {
    *out_value = atomic_exchange_explicit(&effect->posted, NULL, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status effect_fulfill(struct sm_effect *effect, void *response) {
    atomic_exchange_explicit(&effect->response, response, memory_order_acq_rel);
    return SM_OK;
}

// future: one allocation, and one call of the future's code.
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

SLOTMARK_SLOT(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER, .exchange = slot_exchange);
SLOTMARK_EFFECT(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER, .residue = SM_RESIDUE_KEPT,
                .repost = SM_REPOST_POSTED);
SLOTMARK_FUTURE(.after_ready = SM_AFTER_READY_FORWARDED, .wakes = SM_WAKES_DELIVERED, .checks = SM_CHECKS_NOTHING);
SLOTMARK_IMPLEMENTATION("floor", "1", .slot = &slotmark_slot, .effect = &slotmark_effect, .future = &slotmark_future);
