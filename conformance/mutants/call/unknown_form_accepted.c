// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-02. Whatever is not LOCAL is taken for SENDABLE.
#include "conformance/mutants/call/base.h"

static enum sm_status create(const struct sm_future_source *source, const struct sm_value_type *type,
                             struct sm_call **out_call) {
    if (source == NULL || source->form == SM_FORM_LOCAL) {
        return SM_INVALID;
    }
    struct sm_future_source sendable = *source;
    sendable.form = SM_FORM_SENDABLE;
    return call_create(&sendable, type, out_call);
}

CALL_MUTANT("unknown_form_accepted", ops.call_create = create)
