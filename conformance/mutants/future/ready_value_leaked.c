// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-25. The state of a ready future is a plain record, and nobody thought of what happens to a value that
// nobody polls out.
#include "conformance/mutants/future/base.h"

static void drop_record(void *state) {
    (void)state;
}

static enum sm_status ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    static const struct sm_future_vtable vtable = {sizeof(struct ready_state), _Alignof(struct ready_state), ready_poll,
                                                   drop_record};
    return ready_box(&vtable, type, value, out_future);
}

FUTURE_MUTANT("ready_value_leaked", ops.ready = ready)
