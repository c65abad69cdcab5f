// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-03. A binding that does not declare the argument passes it as a C int (the default of ctypes, and of an
// implicit declaration): the upper half of a pointer is lost.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    return slot_put(slot, (void *)(uintptr_t)(uint32_t)(uintptr_t)value);
}

SLOT_MUTANT("put_truncates_to_int", ops.put = put)
