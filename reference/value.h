// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A value is one word, `void *`: the address of something larger, or the bits of something no larger. Every word is a
// value, NULL included. Moving a value moves the duty to drop it; the library drops a value by the `drop` of the type
// it came with, and never looks behind it. drop and clone are the caller's code: they run on the thread of the
// operation that needs them, the library holds no lock then, and they may call back into it.
#ifndef SLOTMARK_REFERENCE_VALUE_H_
#define SLOTMARK_REFERENCE_VALUE_H_

#include <stddef.h>
#include <stdint.h>

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SM_VALUE_DEFINED
#define SM_VALUE_DEFINED
// sm_value_type says how values of one type are dropped and cloned.
//
// Ownership: whoever made the record; it outlives every object that was created with it.
// Threads: both functions may be called at once, on any thread, for different values.
struct sm_value_type {
    uint32_t size; // sizeof(struct sm_value_type) as the caller compiled it
    void *context; // handed to both functions unchanged

    // drop destroys `value`. It is called exactly once for a value that nobody took.
    void (*drop)(void *context, void *value);

    // clone makes an independent copy of `value`, which stays its owner's. NULL where no operation needs a copy.
    // Returns: SM_OK, or SM_NO_MEMORY with nothing made.
    enum sm_status (*clone)(void *context, const void *value, void **out_value);
    // ABI 1 ends here
};
#endif // SM_VALUE_DEFINED

// sm_value_type_is_valid tells whether values of the type can be dropped: the record is there, whole, and has a drop.
static inline int sm_value_type_is_valid(const struct sm_value_type *type) {
    return type != NULL && type->size >= sizeof *type && type->drop != NULL;
}

// sm_value_type_drop drops a value of the type.
static inline void sm_value_type_drop(const struct sm_value_type *type, void *value) {
    type->drop(type->context, value);
}

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_VALUE_H_
