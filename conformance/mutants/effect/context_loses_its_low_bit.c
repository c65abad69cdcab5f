// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-26. The lowest bit of the context holds a flag, since addresses are even: a context that is a number
// is not.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_context(const struct sm_effect_handle *handle, void **out_context) {
    enum sm_status status = effect_handle_context(handle, out_context);
    if (status == SM_OK) {
        *out_context = (void *)((uintptr_t)*out_context & ~(uintptr_t)1);
    }
    return status;
}

EFFECT_MUTANT("context_loses_its_low_bit", ops.handle_context = handle_context)
