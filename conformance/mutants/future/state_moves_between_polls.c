// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-08. Futures lie in a vector that is compacted between polls: whatever points into its own state points
// elsewhere after that.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    if (status == SM_OK && *out_poll == SM_POLL_PENDING) {
        void *elsewhere = state_allocate(future->vtable);
        memcpy(elsewhere, future->state, future->vtable->size);
        free(future->state);
        future->state = elsewhere;
    }
    return status;
}

FUTURE_MUTANT("state_moves_between_polls", ops.poll = poll)
