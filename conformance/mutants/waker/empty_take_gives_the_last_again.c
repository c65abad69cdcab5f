// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-01. The token is left in the variable that it was taken into, and the status forgotten.
#include "conformance/mutants/waker/base.h"

static void *last;

static enum sm_status take(struct sm_ready_queue *queue, void **out_token) {
    enum sm_status status = waker_queue_take(queue, out_token);
    if (status == SM_OK) {
        last = *out_token;
    } else if (status == SM_EMPTY && last != NULL) {
        *out_token = last;
        last = NULL;
        return SM_OK;
    }
    return status;
}

WAKER_MUTANT("empty_take_gives_the_last_again", ops.queue_take = take)
