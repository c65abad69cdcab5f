// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor of slots: one exchange an operation.
#include "bench/floors/floor.h"

#include <stdatomic.h>
#include <stdlib.h>

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
    floor_settle();
    atomic_exchange_explicit(&slot->word, value, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    floor_settle();
    *out_value = atomic_exchange_explicit(&slot->word, NULL, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status slot_exchange(struct sm_slot *slot, void *value, void **out_old) {
    floor_settle();
    *out_old = atomic_exchange_explicit(&slot->word, value, memory_order_acq_rel);
    return SM_OK;
}

const struct sm_slot_ops floor_slot =
    SLOTMARK_SLOT_OPS(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                      .exchange = slot_exchange);
