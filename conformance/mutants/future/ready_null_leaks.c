// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-25. What is NULL is not dropped, as free would not.
#include "conformance/mutants/future/base.h"

static void drop_unless_null(void *state) {
    const struct ready_state *ready = state;
    if (ready->value != NULL) {
        ready_drop(state);
    }
}

static enum sm_status ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    static const struct sm_future_vtable vtable = {sizeof(struct ready_state), _Alignof(struct ready_state), ready_poll,
                                                   drop_unless_null};
    return ready_box(&vtable, type, value, out_future);
}

FUTURE_MUTANT("ready_null_leaks", ops.ready = ready)
