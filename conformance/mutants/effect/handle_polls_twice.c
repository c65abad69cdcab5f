// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-22. A future that is pending is polled once more before the host is bothered: one that counts its
// polls counts wrong.
#include "conformance/mutants/effect/base.h"

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = effect_handle_poll(handle, out_poll, out_value);
    if (status == SM_OK && *out_poll == SM_POLL_PENDING) {
        status = effect_handle_poll(handle, out_poll, out_value);
    }
    return status;
}

EFFECT_MUTANT("handle_polls_twice", ops.handle_poll = handle_poll)
