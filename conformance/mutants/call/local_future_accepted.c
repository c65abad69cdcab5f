// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-02. The form is not looked at: the future runs wherever the host happens to poll.
#include "conformance/mutants/call/base.h"

static enum sm_status create(const struct sm_future_source *source, const struct sm_value_type *type,
                             struct sm_call **out_call) {
    if (source == NULL) {
        return SM_INVALID;
    }
    struct sm_future_source sendable = *source;
    sendable.form = sendable.form == SM_FORM_LOCAL ? SM_FORM_SENDABLE : sendable.form;
    return call_create(&sendable, type, out_call);
}

CALL_MUTANT("local_future_accepted", ops.call_create = create)
