// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-01. The first poll is made by create, to save the host one: a future that is never polled runs all the
// same.
#include "conformance/mutants/call/base.h"

static void be_told(void *data, enum sm_call_code code) {
    (void)data;
    (void)code;
}
static enum sm_status create(const struct sm_future_source *source, const struct sm_value_type *type,
                             struct sm_call **out_call) {
    enum sm_status status = call_create(source, type, out_call);
    if (status == SM_OK) {
        call_poll(*out_call, be_told, NULL);
    }
    return status;
}

CALL_MUTANT("create_polls", ops.call_create = create)
