// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-49. The form is for whoever polls to observe, and a number that is none is stored all the same.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_create(const struct sm_future_source *source, const struct sm_value_type *effects,
                                    void *context, struct sm_effect_handle **out_handle) {
    struct sm_future_source source_read;
    if (source == NULL) {
        return SM_INVALID;
    }
    source_read = *source;
    source_read.form = SM_FORM_SENDABLE;
    return effect_handle_create(&source_read, effects, context, out_handle);
}

EFFECT_MUTANT("unsound_source_accepted", ops.handle_create = handle_create)
