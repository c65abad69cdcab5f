// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-03. The future is started at once, as a JavaScript promise is: the host that creates it has no chance
// to be ready for what it asks.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    enum sm_poll found;
    void *value;
    enum sm_status status = future_create(source, out_future);
    if (status == SM_OK) {
        future_run(*out_future, NULL, &found, &value);
        (*out_future)->completed = 0;
    }
    return status;
}

FUTURE_MUTANT("create_polls", ops.create = create)
