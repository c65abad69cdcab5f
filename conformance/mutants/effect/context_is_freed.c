// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-26. The handle is the last to know the context, and frees it: it was never the handle's.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_destroy(struct sm_effect_handle *handle) {
    void *context = handle == NULL ? NULL : handle->context;
    enum sm_status status = effect_handle_destroy(handle);
    free(context);
    return status;
}

EFFECT_MUTANT("context_is_freed", ops.handle_destroy = handle_destroy)
