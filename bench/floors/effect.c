// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor of effects: one exchange an operation; a request that finds no response makes its exchange by posting, and
// looks before.
#include "bench/floors/floor.h"

#include <stdatomic.h>
#include <stdlib.h>

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
    floor_settle();
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
    floor_settle();
    *out_value = atomic_exchange_explicit(&effect->posted, NULL, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status effect_fulfill(struct sm_effect *effect, void *response) {
    floor_settle();
    atomic_exchange_explicit(&effect->response, response, memory_order_acq_rel);
    return SM_OK;
}

const struct sm_effect_ops floor_effect =
    SLOTMARK_EFFECT_OPS(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                        .residue = SM_RESIDUE_KEPT, .repost = SM_REPOST_POSTED);
