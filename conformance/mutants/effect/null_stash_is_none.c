// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-38. The stashed effect stands for its own flag, and NULL for none.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_peek(const struct sm_effect_handle *handle, const void **out_value) {
    enum sm_status status = effect_handle_peek(handle, out_value);
    return status == SM_OK && *out_value == NULL ? SM_EMPTY : status;
}

EFFECT_MUTANT("null_stash_is_none", ops.handle_peek = handle_peek)
