// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-14. The outcome is left as the memory was, which then says that it was decided.
#include "conformance/mutants/promise/base.h"

static enum sm_status create(struct sm_loop *loop, const struct sm_value_type *type, struct sm_promise **out_promise,
                             struct sm_fulfiller **out_fulfiller) {
    enum sm_status status = promise_create(loop, type, out_promise, out_fulfiller);
    if (status == SM_OK) {
        (*out_promise)->outcome = CANCELLED;
    }
    return status;
}

PROMISE_MUTANT("new_promise_is_decided", ops.create = create)
