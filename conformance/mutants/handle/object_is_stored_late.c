// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-15. The handle is out before the object is in its entry.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    static _Thread_local uint64_t last;
    enum sm_status status = handle_acquire(table, handle, out_value);
    static int nothing;
    if (status == SM_OK && handle != last) {
        last = handle;
        *out_value = &nothing;
    }
    return status;
}

HANDLE_MUTANT("object_is_stored_late", ops.acquire = acquire)
