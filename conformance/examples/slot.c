// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The smallest slot: a word, a flag and a mutex.
//
//     cc -std=c17 -shared -fPIC -fvisibility=hidden -Iconformance conformance/examples/slot.c -o libslot.so -lpthread
#include <pthread.h>
#include <stdlib.h>

#include "slotmark_define.h"

struct sm_slot {
    const struct sm_value_type *type;
    pthread_mutex_t mutex; // guards what follows
    int full;
    void *value;
};

static enum sm_status slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    if (type == NULL || out_slot == NULL) {
        return SM_INVALID;
    }
    struct sm_slot *slot = calloc(1, sizeof *slot);
    if (slot == NULL || pthread_mutex_init(&slot->mutex, NULL) != 0) {
        free(slot);
        return SM_NO_MEMORY;
    }
    slot->type = type;
    *out_slot = slot;
    return SM_OK;
}

// The old value is dropped after the unlock: its drop is foreign code, which may use this very slot.
static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    if (slot == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&slot->mutex);
    int was_full = slot->full;
    void *old = slot->value;
    slot->full = 1;
    slot->value = value;
    pthread_mutex_unlock(&slot->mutex);
    if (was_full) {
        slot->type->drop(slot->type->context, old);
    }
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    if (slot == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&slot->mutex);
    int was_full = slot->full;
    if (was_full) {
        slot->full = 0;
        *out_value = slot->value;
    }
    pthread_mutex_unlock(&slot->mutex);
    return was_full ? SM_OK : SM_EMPTY;
}

static void slot_destroy(struct sm_slot *slot) {
    if (slot == NULL) {
        return;
    }
    if (slot->full) {
        slot->type->drop(slot->type->context, slot->value);
    }
    pthread_mutex_destroy(&slot->mutex);
    free(slot);
}

SLOTMARK_SLOT(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER);
SLOTMARK_IMPLEMENTATION("example slot", "1.0", .slot = &slotmark_slot);
