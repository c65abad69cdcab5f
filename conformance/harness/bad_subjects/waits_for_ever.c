// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A slot for words other than NULL whose take waits until there is one, for ever where nobody puts.
#include <stdatomic.h>
#include <stdlib.h>

#include "conformance/slotmark_define.h"

struct sm_slot {
    const struct sm_value_type *type;
    _Atomic(void *) word; // NULL: empty
};

// What is done between two looks.
#ifndef PAUSE
#define PAUSE() ((void)0)
#endif

// What is done before anything else of a put.
#ifndef BEFORE_PUT
#define BEFORE_PUT() ((void)0)
#endif

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
        drop(slot, atomic_load(&slot->word));
        free(slot);
    }
}

static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    BEFORE_PUT();
    drop(slot, atomic_exchange(&slot->word, value));
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    void *value = atomic_exchange(&slot->word, NULL);
    while (value == NULL) {
        PAUSE();
        value = atomic_exchange(&slot->word, NULL);
    }
    *out_value = value;
    return SM_OK;
}

SLOTMARK_SLOT(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER);
SLOTMARK_IMPLEMENTATION("waits for ever", "1.0", .slot = &slotmark_slot);
