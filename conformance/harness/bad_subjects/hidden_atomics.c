// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A slot for words other than NULL whose exchange is inline assembly, where there is some: no tool that goes by what
// the compiler says of atomics sees any.
#include <stdlib.h>

#include "conformance/slotmark_define.h"

#ifndef BEFORE_PUT
#define BEFORE_PUT() ((void)0)
#endif

struct sm_slot {
    const struct sm_value_type *type;
    void *word; // NULL: empty
};

static void *exchange(struct sm_slot *slot, void *word) {
#if defined(__x86_64__)
    __asm__ volatile("xchgq %0, %1" : "+r"(word), "+m"(slot->word) : : "memory");
    return word;
#else
    return __atomic_exchange_n(&slot->word, word, __ATOMIC_ACQ_REL);
#endif
}

static enum sm_status slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    *out_slot = calloc(1, sizeof **out_slot);
    if (*out_slot == NULL) {
        return SM_NO_MEMORY;
    }
    (*out_slot)->type = type;
    return SM_OK;
}

static void drop(const struct sm_slot *slot, void *value) {
    if (value != NULL) {
        slot->type->drop(slot->type->context, value);
    }
}

static void slot_destroy(struct sm_slot *slot) {
    if (slot != NULL) {
        drop(slot, exchange(slot, NULL));
        free(slot);
    }
}

static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    BEFORE_PUT();
    drop(slot, exchange(slot, value));
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    void *value = exchange(slot, NULL);
    if (value == NULL) {
        return SM_EMPTY;
    }
    *out_value = value;
    return SM_OK;
}

SLOTMARK_SLOT(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER);
SLOTMARK_IMPLEMENTATION("hidden atomics", "1.0", .slot = &slotmark_slot);
