// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-69. The value is taken, and who wrote it is not told.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_poll_wrongly(struct sm_typed_read *read, const struct sm_waker *waker,
                                        enum sm_poll *out_poll, void **out_value) {
    if (read != NULL && !read->has_ended) {
        struct typed *typed = read->reader->typed;
        struct sm_waker other = {NULL, NULL};
        pthread_mutex_lock(&typed->lock);
        if (typed->write != NULL) {
            other = out_of(&typed->write->waker);
        }
        pthread_mutex_unlock(&typed->lock);
        give_up(other);
    }
    return oneshot_typed_read_poll(read, waker, out_poll, out_value);
}

ONESHOT_MUTANT("read_leaves_the_write_asleep", ops.typed_read_poll = read_poll_wrongly);
