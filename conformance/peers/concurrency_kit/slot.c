// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A slot is a pointer that each operation exchanges (ck_pr_fas_ptr). Empty is the address of an object of this file's,
// which is the one word that the slot refuses.
#include <ck_pr.h>
#include <stdlib.h>

#include "conformance/peers/concurrency_kit/concurrency_kit.h"
#include "conformance/slotmark_define.h"

static char empty;

struct sm_slot {
    const struct sm_value_type *type;
    void *word;
};

// swap is every operation on a slot. ck's exchange orders nothing by itself where the processor does not.
static void *swap(struct sm_slot *slot, void *word) {
    ck_pr_fence_release();
    void *old = ck_pr_fas_ptr(&slot->word, word);
    ck_pr_fence_acquire();
    return old;
}

static void drop(const struct sm_slot *slot, void *word) {
    if (word != &empty) {
        slot->type->drop(slot->type->context, word);
    }
}

static enum sm_status give(void *word, void **out_value) {
    if (word == &empty) {
        return SM_EMPTY;
    }
    *out_value = word;
    return SM_OK;
}

static enum sm_status slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    if (type == NULL || type->drop == NULL || out_slot == NULL) {
        return SM_INVALID;
    }
    struct sm_slot *slot = malloc(sizeof *slot);
    if (slot == NULL) {
        return SM_NO_MEMORY;
    }
    *slot = (struct sm_slot){type, &empty};
    *out_slot = slot;
    return SM_OK;
}

static void slot_destroy(struct sm_slot *slot) {
    if (slot != NULL) {
        drop(slot, swap(slot, &empty));
        free(slot);
    }
}

static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (value == &empty) {
        return SM_EXHAUSTED;
    }
    drop(slot, swap(slot, value));
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    return slot == NULL || out_value == NULL ? SM_INVALID : give(swap(slot, &empty), out_value);
}

static enum sm_status slot_exchange(struct sm_slot *slot, void *value, void **out_old) {
    if (slot == NULL || out_old == NULL) {
        return SM_INVALID;
    }
    return value == &empty ? SM_EXHAUSTED : give(swap(slot, value), out_old);
}

static enum sm_status slot_is_empty(const struct sm_slot *slot, int *out_empty) {
    if (slot == NULL || out_empty == NULL) {
        return SM_INVALID;
    }
    *out_empty = ck_pr_load_ptr(&slot->word) == &empty;
    ck_pr_fence_acquire();
    return SM_OK;
}

const struct sm_slot_ops concurrency_kit_slot =
    SLOTMARK_SLOT_OPS(.progress = SM_PROGRESS_LOCK_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                      .exchange = slot_exchange, .is_empty = slot_is_empty);
