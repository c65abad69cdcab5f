// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-21. A future may be ready at once, and a poll that is made early saves the host a call: what it
// found is lost.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_create(const struct sm_future_source *source, const struct sm_value_type *effects,
                                    void *context, struct sm_effect_handle **out_handle) {
    enum sm_status status = effect_handle_create(source, effects, context, out_handle);
    if (status == SM_OK) {
        enum sm_poll poll;
        void *value;
        effect_handle_poll(*out_handle, &poll, &value);
    }
    return status;
}

EFFECT_MUTANT("handle_create_polls", ops.handle_create = handle_create)
