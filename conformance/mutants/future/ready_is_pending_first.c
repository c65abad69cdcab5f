// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-18. ready goes through the same queue as every future and is asked at the second turn only.
#include "conformance/mutants/future/base.h"

static enum sm_status poll_late(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct ready_state *ready = state;
    if (ready->given++ == 0) {
        waker->vtable->wake_by_ref(waker->data);
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return ready_poll(state, waker, out_poll, out_value);
}

static enum sm_status ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    static const struct sm_future_vtable vtable = {sizeof(struct ready_state), _Alignof(struct ready_state), poll_late,
                                                   ready_drop};
    return ready_box(&vtable, type, value, out_future);
}

FUTURE_MUTANT("ready_is_pending_first", ops.ready = ready)
