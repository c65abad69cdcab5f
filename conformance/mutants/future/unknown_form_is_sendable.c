// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-34. Whatever is not LOCAL is SENDABLE, a form from a later revision included.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    if (source == NULL || source->form == SM_FORM_LOCAL) {
        return future_create(source, out_future);
    }
    struct sm_future_source sendable = *source;
    sendable.form = SM_FORM_SENDABLE;
    return future_create(&sendable, out_future);
}

FUTURE_MUTANT("unknown_form_is_sendable", ops.create = create)
