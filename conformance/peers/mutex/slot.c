// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The slot of the mutex peer. put and take are exchanges under the mutex; what falls out is dropped after the unlock.
#include <pthread.h>
#include <stdlib.h>

#include "conformance/peers/mutex/mutex.h"

// content is what a slot holds: a word, and whether it is one.
struct content {
    int full;
    void *value;
};

struct sm_slot {
    const struct sm_value_type *type;
    pthread_mutex_t mutex; // guards content
    struct content content;
};

static struct content swap(struct sm_slot *slot, struct content content) {
    pthread_mutex_lock(&slot->mutex);
    struct content old = slot->content;
    slot->content = content;
    pthread_mutex_unlock(&slot->mutex);
    return old;
}

static void drop(const struct sm_slot *slot, struct content content) {
    if (content.full) {
        slot->type->drop(slot->type->context, content.value);
    }
}

static enum sm_status give(struct content content, void **out_value) {
    if (!content.full) {
        return SM_EMPTY;
    }
    *out_value = content.value;
    return SM_OK;
}

static enum sm_status slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    if (type == NULL || type->drop == NULL || out_slot == NULL) {
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

static void slot_destroy(struct sm_slot *slot) {
    if (slot == NULL) {
        return;
    }
    drop(slot, swap(slot, (struct content){0, NULL}));
    pthread_mutex_destroy(&slot->mutex);
    free(slot);
}

static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    if (slot == NULL) {
        return SM_INVALID;
    }
    drop(slot, swap(slot, (struct content){1, value}));
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    if (slot == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    return give(swap(slot, (struct content){0, NULL}), out_value);
}

static enum sm_status slot_exchange(struct sm_slot *slot, void *value, void **out_old) {
    if (slot == NULL || out_old == NULL) {
        return SM_INVALID;
    }
    return give(swap(slot, (struct content){1, value}), out_old);
}

static enum sm_status slot_is_empty(const struct sm_slot *slot, int *out_empty) {
    if (slot == NULL || out_empty == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_t *mutex = &((struct sm_slot *)slot)->mutex; // locking changes nothing that is the slot's
    pthread_mutex_lock(mutex);
    *out_empty = !slot->content.full;
    pthread_mutex_unlock(mutex);
    return SM_OK;
}

const struct sm_slot_ops mutex_slot =
    SLOTMARK_SLOT_OPS(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                      .exchange = slot_exchange, .is_empty = slot_is_empty);
