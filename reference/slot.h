// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A slot holds at most one value. Any thread may put, any thread may take, and nobody waits.
//
//     static void greeting_drop(void *context, void *value) { ... }
//     static const struct sm_value_type greetings = {sizeof greetings, NULL, greeting_drop, NULL};
//
//     struct sm_slot *slot;
//     if (sm_slot_create(&greetings, &slot) == SM_OK) { ... }
//
//     sm_slot_put(slot, greeting);                    // one thread: the greeting is the slot's
//     if (sm_slot_take(slot, &greeting) == SM_OK) ... // another: the greeting is this thread's
//
// Which calls may run at once on one slot (x: yes):
//
//                put  take  exchange  is_empty  destroy, cleanup
//     put         x    x       x         x
//     take        x    x       x         x
//     exchange    x    x       x         x
//     is_empty    x    x       x         x
//     destroy
//
// Order: each operation but is_empty is one exchange that acquires and releases. For threads X and Y, what X did before
//   it put a value is visible to Y after Y took that value [SLOT-12]; and what X did before it took one is visible to Y
//   after Y found the slot empty.
// Progress: wait-free: one exchange and a bounded number of other steps, plus the caller's own drop. [SLOT-15] (Where
//   the processor has no exchange, as AArch64 before LSE, it is a loop of two instructions that another's may repeat.)
// Memory: no operation on a slot allocates. [SLOT-10]
//
// Implementation: the slot is one word (word.h). The three operations differ only in what they exchange in and in what
//   becomes of the word that comes out, so they need no retry and know no ABA problem, and their order on one slot is
//   that of the exchanges. [SLOT-11, 13, 14]
#ifndef SLOTMARK_REFERENCE_SLOT_H_
#define SLOTMARK_REFERENCE_SLOT_H_

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

// sm_slot is a slot. Its members are private; they stand here so that a slot can lie in a struct of the caller's. The
// library alone touches them, so to C++, which has no _Atomic, the word is shown as plain bytes of the same layout.
struct sm_slot {
    const struct sm_value_type *type;
#ifdef __cplusplus
    uintptr_t word;
#else
    _Atomic(uintptr_t) word;
#endif
};

// sm_slot_create makes an empty slot for values of `type`, whose word has a cache line of its own. [SLOT-01]
//
// Ownership: the slot is the caller's, to destroy; `type` outlives it.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_slot_create(const struct sm_value_type *type, struct sm_slot **out_slot);

// sm_slot_destroy drops what the slot holds, once, and frees the slot. NULL is fine and does nothing. [SLOT-07, 25]
void sm_slot_destroy(struct sm_slot *slot);

// sm_slot_init makes an empty slot in memory of the caller's, which stays in its place until sm_slot_cleanup.
//
// Ownership: the memory is the caller's, and need not have been written; `type` outlives the slot.
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_slot_init(struct sm_slot *slot, const struct sm_value_type *type);

// sm_slot_cleanup drops what the slot holds, once, and leaves zero bytes. On NULL and on zero bytes it does nothing.
void sm_slot_cleanup(struct sm_slot *slot);

// sm_slot_put moves `value` in. A value that was there is dropped on this thread, after the exchange. [SLOT-03, 05, 06]
//
// Returns: SM_OK; SM_INVALID; SM_EXHAUSTED, with nothing done, where the bits of `value` lie in a small private array
//   of this library's (no object of the caller's does) and 64 such values are held already.
enum sm_status sm_slot_put(struct sm_slot *slot, void *value);

// sm_slot_take moves the value out. It exchanges without looking first, which is the faster way where slots are full or
// contended; a thread that polls a slot which is mostly empty looks with sm_slot_is_empty before it takes. [SLOT-02,
// 04]
//
// Returns: SM_OK; SM_EMPTY, with nothing written; SM_INVALID.
enum sm_status sm_slot_take(struct sm_slot *slot, void **out_value);

// sm_slot_exchange moves `value` in and the one that was there out, in one step. [SLOT-16]
//
// Returns: SM_OK, with the old value; SM_EMPTY, with none: `value` is in the slot either way. SM_INVALID, and
//   SM_EXHAUSTED as sm_slot_put: nothing happened.
enum sm_status sm_slot_exchange(struct sm_slot *slot, void *value, void **out_old);

// sm_slot_is_empty writes 1 for empty and 0 for occupied, as the slot was at one instant between call and return: the
// peek. It writes nothing that threads share, and by the time the caller looks it may be past. [SLOT-17]
//
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_slot_is_empty(const struct sm_slot *slot, int *out_empty);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_SLOT_H_
