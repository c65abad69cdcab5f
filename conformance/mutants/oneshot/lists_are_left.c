// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-61. What was allocated to lower the value is forgotten once it has gone (wit-bindgen #1179).
#include "conformance/mutants/oneshot/base.h"

static void free_nothing(void *context, void *buffer) {
    (void)context;
    (void)buffer;
}

static enum sm_status write_poll_wrongly(struct sm_typed_write *write, const struct sm_waker *waker,
                                         enum sm_poll *out_poll, void **out_value) {
    static struct sm_payload_type type;
    if (write == NULL || write->has_ended) {
        return oneshot_typed_write_poll(write, waker, out_poll, out_value);
    }
    const struct sm_payload_type *right = write->writer->typed->type;
    struct typed *typed = write->writer->typed;
    type = *right;
    type.free_lists = free_nothing;
    typed->sides++; // so that it is there to be put right
    typed->type = &type;
    enum sm_status status = oneshot_typed_write_poll(write, waker, out_poll, out_value);
    pthread_mutex_lock(&typed->lock);
    typed->type = right;
    leave_typed(typed);
    return status;
}

ONESHOT_MUTANT("lists_are_left", ops.typed_write_poll = write_poll_wrongly);
