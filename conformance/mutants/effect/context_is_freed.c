// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-26. The handle is the last to know the context, and frees it: it was never the handle's.
#include "conformance/mutants/effect/base.h"

static void handle_destroy(struct sm_effect_handle *handle) {
    void *context = handle == NULL ? NULL : handle->context;
    effect_handle_destroy(handle);
    free(context);
}

EFFECT_MUTANT("context_is_freed", ops.handle_destroy = handle_destroy)
