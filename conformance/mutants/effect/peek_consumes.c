// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-23. peek is made of take, the operation that was there: the second look finds nothing.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_peek(const struct sm_effect_handle *handle, const void **out_value) {
    void *value;
    enum sm_status status = effect_handle_take((struct sm_effect_handle *)(uintptr_t)handle, out_value ? &value : NULL);
    if (status == SM_OK) {
        *out_value = value;
    }
    return status;
}

EFFECT_MUTANT("peek_consumes", ops.handle_peek = handle_peek)
