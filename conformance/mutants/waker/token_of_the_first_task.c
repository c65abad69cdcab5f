// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-01. The token is kept in the queue, which was simpler for one task.
#include "conformance/mutants/waker/base.h"

static void *token_of_first;

static enum sm_status create(struct sm_ready_queue *queue, void *token, struct sm_task **out_task) {
    token_of_first = token_of_first == NULL ? token : token_of_first;
    return members_task_create(queue, token, out_task);
}

static enum sm_status take(struct sm_ready_queue *queue, void **out_token) {
    enum sm_status status = waker_queue_take(queue, out_token);
    if (status == SM_OK) {
        *out_token = token_of_first;
    }
    return status;
}

WAKER_MUTANT("token_of_the_first_task", ops.task_create = create, ops.queue_take = take)
