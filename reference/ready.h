// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What stands in a ready queue: the inside of task.h, for loop.c and promise.c, whose promises are made ready once and
// need no task for that.
#ifndef SLOTMARK_REFERENCE_READY_H_
#define SLOTMARK_REFERENCE_READY_H_

#include <stdint.h>

#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(hidden)

// sm_ready_node is a place in a queue: of a task, or of something that is pushed at most once in its life.
struct sm_ready_node {
    struct sm_ready_node *next; // in the stack, or in the taker's list; of whoever pushes it, then the taker's
    void *token;
    uint64_t is_task;
};

// sm_ready_queue_push makes a node ready that is no task's. It may be taken, and what it is of may be gone, before this
// returns; the caller keeps the queue. Returns 1; 0 where the queue is closed, with nothing done.
//
// Threads: any. Order: what this thread did before is visible to the take; what was done before the queue was closed is
//   visible to the caller.
int sm_ready_queue_push(struct sm_ready_queue *queue, struct sm_ready_node *node);

// sm_ready_queue_close empties the queue for good, on the taker's thread: nothing is pushed any more. `left` is called
// with the token of every node that is no task's. A queue may be closed again.
void sm_ready_queue_close(struct sm_ready_queue *queue, void (*left)(void *token));

// sm_ready_queue_lend makes references to the queue, as many as will be needed; sm_ready_queue_release gives up one;
// sm_ready_queue_settle gives up those of the lent that are not needed, which is all but `needed` and those released.
void sm_ready_queue_lend(struct sm_ready_queue *queue);
void sm_ready_queue_release(struct sm_ready_queue *queue);
void sm_ready_queue_settle(struct sm_ready_queue *queue, uint64_t needed);

#pragma GCC visibility pop

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_READY_H_
