// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/slot.h"

#include <stdatomic.h>
#include <stddef.h>

#include "reference/line.h"
#include "reference/word.h"

_Static_assert(sizeof(_Atomic(uintptr_t)) == sizeof(uintptr_t) && _Alignof(_Atomic(uintptr_t)) == _Alignof(uintptr_t),
               "slot.h shows the word to C++ as a uintptr_t");
_Static_assert(sizeof(struct sm_slot) <= SM_LINE, "sm_slot_create gives a slot one line");

// swap is every operation on a slot: its linearization point.
//
// acq_rel: release publishes what this thread did, the value and a parked word's cell included, to the swap that takes
// this word out; acquire sees what the thread did that put in the word which comes out. Each swap reads from the one
// before it, so all swaps of one slot are ordered among each other.
static inline uintptr_t swap(struct sm_slot *slot, uintptr_t word) {
    return atomic_exchange_explicit(&slot->word, word, memory_order_acq_rel);
}

// What is seldom done is apart, so that the operations save no registers: that is stores, which a locked instruction
// waits for.
__attribute__((noinline)) static void drop_value(const struct sm_value_type *type, uintptr_t word) {
    sm_value_type_drop(type, sm_word_decode(word));
}

static inline void drop(const struct sm_value_type *type, uintptr_t word) {
    if (word != SM_WORD_EMPTY) {
        drop_value(type, word);
    }
}

static inline enum sm_status hand_out(uintptr_t word, void **out_value) {
    if (word == SM_WORD_EMPTY) {
        return SM_EMPTY;
    }
    *out_value = sm_word_decode(word);
    return SM_OK;
}

static inline enum sm_status put_word(struct sm_slot *slot, uintptr_t word) {
    uintptr_t old = swap(slot, word);
    drop(slot->type, old); // after the swap: the drop may use this slot, and finds the new value in it
    return SM_OK;
}

static inline enum sm_status exchange_word(struct sm_slot *slot, uintptr_t word, void **out_old) {
    return hand_out(swap(slot, word), out_old);
}

// put_parked and exchange_parked are for values whose bits lie in the array of cells.
__attribute__((cold, noinline)) static enum sm_status put_parked(struct sm_slot *slot, uintptr_t bits) {
    uintptr_t word = sm_word_park(bits);
    return word == SM_WORD_EMPTY ? SM_EXHAUSTED : put_word(slot, word);
}
__attribute__((cold, noinline)) static enum sm_status exchange_parked(struct sm_slot *slot, uintptr_t bits,
                                                                      void **out_old) {
    uintptr_t word = sm_word_park(bits);
    return word == SM_WORD_EMPTY ? SM_EXHAUSTED : exchange_word(slot, word, out_old);
}

enum sm_status sm_slot_init(struct sm_slot *slot, const struct sm_value_type *type) {
    if (slot == NULL || !sm_value_type_is_valid(type)) {
        return SM_INVALID;
    }
    slot->type = type;
    atomic_init(&slot->word, SM_WORD_EMPTY); // nobody else knows the slot yet
    return SM_OK;
}

void sm_slot_cleanup(struct sm_slot *slot) {
    if (slot == NULL || slot->type == NULL) {
        return;
    }
    // relaxed: whoever cleans up has ordered every other use before; there is nobody to pair with.
    uintptr_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    atomic_store_explicit(&slot->word, 0, memory_order_relaxed);
    const struct sm_value_type *type = slot->type;
    slot->type = NULL;
    drop(type, word);
}

enum sm_status sm_slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    if (!sm_value_type_is_valid(type) || out_slot == NULL) {
        return SM_INVALID;
    }
    // The word alone: who drops a value reads the type, and would take the line from those who exchange the word.
    struct sm_slot *slot = sm_line_allocate(offsetof(struct sm_slot, word));
    if (slot == NULL) {
        return SM_NO_MEMORY;
    }
    *out_slot = slot;
    return sm_slot_init(slot, type);
}

void sm_slot_destroy(struct sm_slot *slot) {
    sm_slot_cleanup(slot);
    sm_line_free(slot);
}

enum sm_status sm_slot_put(struct sm_slot *slot, void *value) {
    if (slot == NULL) {
        return SM_INVALID;
    }
    uintptr_t bits = (uintptr_t)value;
    return sm_word_is_reserved(bits) ? put_parked(slot, bits) : put_word(slot, bits);
}

enum sm_status sm_slot_take(struct sm_slot *slot, void **out_value) {
    if (slot == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    return hand_out(swap(slot, SM_WORD_EMPTY), out_value);
}

enum sm_status sm_slot_exchange(struct sm_slot *slot, void *value, void **out_old) {
    if (slot == NULL || out_old == NULL) {
        return SM_INVALID;
    }
    uintptr_t bits = (uintptr_t)value;
    return sm_word_is_reserved(bits) ? exchange_parked(slot, bits, out_old) : exchange_word(slot, bits, out_old);
}

enum sm_status sm_slot_is_empty(const struct sm_slot *slot, int *out_empty) {
    if (slot == NULL || out_empty == NULL) {
        return SM_INVALID;
    }
    // acquire: pairs with the release of the swap whose word it sees; whoever finds the slot empty sees what the taker
    // did.
    *out_empty = atomic_load_explicit(&slot->word, memory_order_acquire) == SM_WORD_EMPTY;
    return SM_OK;
}
