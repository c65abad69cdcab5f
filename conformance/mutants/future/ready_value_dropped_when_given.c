// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-25. The poll hands the value out and does not note it: the future drops it as well.
#include "conformance/mutants/future/base.h"

static void drop_anyway(void *state) {
    struct ready_state *ready = state;
    ready->type->drop(ready->type->context, ready->value);
}

static enum sm_status ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    static const struct sm_future_vtable vtable = {sizeof(struct ready_state), _Alignof(struct ready_state), ready_poll,
                                                   drop_anyway};
    return ready_box(&vtable, type, value, out_future);
}

FUTURE_MUTANT("ready_value_dropped_when_given", ops.ready = ready)
