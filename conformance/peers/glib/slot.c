// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A slot is a pointer that each operation exchanges (g_atomic_pointer_exchange). Empty is the address of an object of
// this file's, which is the one word that the slot refuses.
#include <glib.h>

#include "conformance/peers/glib/peer.h"
#include "conformance/slotmark_define.h"

static char empty;

struct sm_slot {
    const struct sm_value_type *type;
    gpointer word;
};

static void drop(const struct sm_slot *slot, gpointer word) {
    if (word != &empty) {
        slot->type->drop(slot->type->context, word);
    }
}

static enum sm_status give(gpointer word, void **out_value) {
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
    struct sm_slot *slot = g_new(struct sm_slot, 1);
    *slot = (struct sm_slot){type, &empty};
    *out_slot = slot;
    return SM_OK;
}

static void slot_destroy(struct sm_slot *slot) {
    if (slot != NULL) {
        drop(slot, slot->word);
        g_free(slot);
    }
}

static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (value == &empty) {
        return SM_EXHAUSTED;
    }
    drop(slot, g_atomic_pointer_exchange(&slot->word, value));
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    if (slot == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    return give(g_atomic_pointer_exchange(&slot->word, &empty), out_value);
}

static enum sm_status slot_exchange(struct sm_slot *slot, void *value, void **out_old) {
    if (slot == NULL || out_old == NULL) {
        return SM_INVALID;
    }
    return value == &empty ? SM_EXHAUSTED : give(g_atomic_pointer_exchange(&slot->word, value), out_old);
}

static enum sm_status slot_is_empty(const struct sm_slot *slot, int *out_empty) {
    if (slot == NULL || out_empty == NULL) {
        return SM_INVALID;
    }
    gpointer *word = &((struct sm_slot *)(uintptr_t)slot)->word; // clang's g_atomic_pointer_get bears no const
    *out_empty = g_atomic_pointer_get(word) == &empty;
    return SM_OK;
}

const struct sm_slot_ops glib_slot =
    SLOTMARK_SLOT_OPS(.progress = SM_PROGRESS_LOCK_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                      .exchange = slot_exchange, .is_empty = slot_is_empty);
