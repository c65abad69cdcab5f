// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-19. A Local future goes through its thread's queue first: one poll more than a Sendable one, and a
// host that counts them is out of step.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (future != NULL && future->form == SM_FORM_LOCAL && out_poll != NULL && out_value != NULL &&
        future->completed == 0 && future_misused(future) == SM_OK) {
        future->completed = -1; // queued
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    if (future != NULL && future->completed == -1) {
        future->completed = 0;
    }
    return future_poll(future, waker, out_poll, out_value);
}

FUTURE_MUTANT("local_starts_late", ops.poll = poll)
