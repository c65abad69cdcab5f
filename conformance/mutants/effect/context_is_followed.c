// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-26. The context is taken for a record of the library's own, with a count in its first word.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_context(const struct sm_effect_handle *handle, void **out_context) {
    enum sm_status status = effect_handle_context(handle, out_context);
    if (status == SM_OK && *out_context != NULL) {
        ++*(volatile unsigned char *)*out_context;
    }
    return status;
}

EFFECT_MUTANT("context_is_followed", ops.handle_context = handle_context)
