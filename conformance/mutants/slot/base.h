// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A correct slot, plain enough to be wronged in one place: a word, a flag and a mutex. A mutant includes it, writes one
// faulty function and offers the rest as it stands.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_SLOT_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_SLOT_BASE_H_

#include <pthread.h>
#include <stdlib.h>

#include "conformance/slotmark.h"

struct sm_slot {
    pthread_mutex_t lock; // of the two below
    int occupied;
    void *value;
    const struct sm_value_type *type;
};

static void slot_drop(const struct sm_slot *slot, void *value) {
    slot->type->drop(slot->type->context, value);
}

// slot_swap sets flag and value, and hands the old value out. Returns the old flag.
static int slot_swap(struct sm_slot *slot, int occupied, void *value, void **out_old) {
    pthread_mutex_lock(&slot->lock);
    int was_occupied = slot->occupied;
    *out_old = slot->value;
    slot->occupied = occupied;
    slot->value = value;
    pthread_mutex_unlock(&slot->lock);
    return was_occupied;
}

static enum sm_status slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    if (type == NULL || out_slot == NULL) {
        return SM_INVALID;
    }
    struct sm_slot *slot = calloc(1, sizeof *slot);
    if (slot == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&slot->lock, NULL);
    slot->type = type;
    *out_slot = slot;
    return SM_OK;
}

static void slot_destroy(struct sm_slot *slot) {
    if (slot == NULL) {
        return;
    }
    if (slot->occupied) {
        slot_drop(slot, slot->value);
    }
    pthread_mutex_destroy(&slot->lock);
    free(slot);
}

static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (slot_swap(slot, 1, value, &old)) {
        slot_drop(slot, old);
    }
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    void *old = NULL;
    if (slot == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    if (!slot_swap(slot, 0, NULL, &old)) {
        return SM_EMPTY;
    }
    *out_value = old;
    return SM_OK;
}

static enum sm_status slot_exchange(struct sm_slot *slot, void *value, void **out_old) {
    if (slot == NULL || out_old == NULL) {
        return SM_INVALID;
    }
    return slot_swap(slot, 1, value, out_old) ? SM_OK : SM_EMPTY;
}

static enum sm_status slot_is_empty(const struct sm_slot *slot, int *out_empty) {
    if (slot == NULL || out_empty == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&slot->lock;
    pthread_mutex_lock(lock);
    *out_empty = !slot->occupied;
    pthread_mutex_unlock(lock);
    return SM_OK;
}

// SLOT_MUTANT offers the slot above with `changes` made to its table: SLOT_MUTANT("take_keeps_value", ops.take = take).
#define SLOT_MUTANT(mutant_name, ... /* changes */)                                                                    \
    SM_EXPORT const struct sm_implementation *slotmark_implementation(void) {                                          \
        static struct sm_slot_ops ops = {.size = sizeof ops,                                                           \
                                         .progress = SM_PROGRESS_BLOCKING,                                             \
                                         .out_of_memory = SM_OUT_OF_MEMORY_NEVER,                                      \
                                         .create = slot_create,                                                        \
                                         .destroy = slot_destroy,                                                      \
                                         .put = slot_put,                                                              \
                                         .take = slot_take,                                                            \
                                         .exchange = slot_exchange,                                                    \
                                         .is_empty = slot_is_empty};                                                   \
        static const struct sm_implementation implementation = {                                                       \
            .abi = SM_ABI, .size = sizeof implementation, .name = mutant_name, .version = "mutant", .slot = &ops};     \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_MUTANTS_SLOT_BASE_H_
