// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A task is what wakers wake: it stands in its ready queue until its event loop takes it to be polled.
//
//     struct sm_ready_queue *queue;
//     sm_ready_queue_create(rouse, &eventfd, &queue);
//     struct sm_task *task;
//     sm_task_create(queue, future, &task);
//
//     while (sm_ready_queue_take(queue, &future) == SM_OK) {
//         sm_task_begin(task, &waker);                             // lent until the end of the poll
//         ...                                                      // poll the future with it
//         sm_task_end(task, &rearm);
//     }
//
// Which calls may run at once: wakes, and clones and drops of wakers, with each other and with everything but the frees
// of queue_destroy, which they may outlive; sm_ready_queue_take and sm_task_destroy on one queue not with each other.
// Order: for threads X and Y, what X did before a wake is visible to Y after Y took the task that it made ready, and
//   after the sm_task_begin that follows. [WAKER-08]
// Progress: lock-free: a call repeats a step only because another thread has completed one on the same task or queue.
// Memory: a queue is 48 bytes, a task 56; wakers are one word and allocate nothing. With the handle there are at most
//   2^31 - 1 of a task; a clone beyond is SM_NO_MEMORY. A queue is not parted among lines for those who push and who
//   takes, since each set of ends (oneshot_end.h) has one.
// Foreign code: notify is called last, with nothing held.
//
// Implementation: the word of a task has five bits, and counts the handle, the wakers and, while QUEUED, the queue: a
// wake, a take or a destruction is one step on it, references and all.
//
//     WOKEN    a wake came that no poll has begun after
//     QUEUED   the task is in the queue, or about to be: whoever set the bit pushes it
//     POLLING  between begin and end: a wake sets WOKEN alone, and end sets QUEUED where it finds it
//     CLONED   the waker that was lent for this poll has been cloned
//     DEAD     destroyed: nobody sets QUEUED any more
//
//   So of all wakes before a take one pushes, and a wake is never between two states: it is in WOKEN before anybody is
//   told. A take clears QUEUED and leaves WOKEN to begin: one subtraction, which never repeats. The queue is a stack
//   that any thread pushes on; the taker takes all of it at once and turns it round, so there is no ABA, and tasks come
//   out in the order of their pushes. Tasks count their queue; one that is closed has `closed` for a stack, and refuses
//   pushes. The loop's promises stand in it, too (ready.h).
#ifndef SLOTMARK_REFERENCE_TASK_H_
#define SLOTMARK_REFERENCE_TASK_H_

#include "status.h"
#include "waker.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SM_REARM_DEFINED
#define SM_REARM_DEFINED
// sm_rearm is what is to be expected of the waker that was lent for a poll.
enum sm_rearm {
    SM_REARM_NONE = 1, // nobody has it: it was neither woken nor cloned
    SM_REARM_NOW = 2,  // it was woken before the poll ended: the task is in its ready queue
    SM_REARM_ARMED = 3 // it was cloned, and not woken yet: a wake will put the task into its ready queue
};
#endif // SM_REARM_DEFINED

// sm_ready_queue has the tasks that are ready; sm_task is one.
struct sm_ready_queue;
struct sm_task;

// sm_ready_queue_create makes an empty queue. `notify`, where it is not NULL, is called with `context` on the waking
// thread whenever a task becomes ready that a sm_ready_queue_take which has answered SM_EMPTY could not see.
//
// Ownership: the queue is the caller's, to destroy.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_ready_queue_create(void (*notify)(void *context), void *context, struct sm_ready_queue **out_queue);

// sm_ready_queue_at_end has `end` called with the context of `notify` once notify can be called no more: by
// sm_ready_queue_destroy, or by the last waker of a task that outlives it, on whichever thread that is dropped. It is
// set before the queue has tasks.
void sm_ready_queue_at_end(struct sm_ready_queue *queue, void (*end)(void *context));

// sm_ready_queue_destroy ends a queue whose tasks have all been destroyed. NULL is fine and does nothing.
void sm_ready_queue_destroy(struct sm_ready_queue *queue);

// sm_ready_queue_take takes the task that has been ready longest and gives its token; a later wake makes it ready anew.
//
// Returns: SM_OK; SM_EMPTY, with nothing written; SM_INVALID.
enum sm_status sm_ready_queue_take(struct sm_ready_queue *queue, void **out_token);

// sm_task_create makes a task that is not ready. `token` is the host's word for it, never followed.
//
// Ownership: the task is the caller's, to destroy before the queue.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_task_create(struct sm_ready_queue *queue, void *token, struct sm_task **out_task);

// sm_task_destroy ends a task: its token is given by no later take, and its wakers wake nothing. NULL is fine.
//
// Returns: SM_OK; SM_BUSY while a poll of it is under way, with nothing done.
enum sm_status sm_task_destroy(struct sm_task *task);

// sm_task_begin begins a poll and lends its waker until sm_task_end. A wake from here on causes another poll.
//
// Returns: SM_OK; SM_BUSY while another poll of the task is under way; SM_INVALID.
enum sm_status sm_task_begin(struct sm_task *task, const struct sm_waker **out_waker);

// sm_task_end ends the poll. A task that was woken meanwhile becomes ready now, once; one that was polled without
// having been taken has the place in the queue that it had.
//
// Returns: SM_OK; SM_IDLE where no poll is under way; SM_INVALID.
enum sm_status sm_task_end(struct sm_task *task, enum sm_rearm *out_rearm);

// sm_task_waker writes a waker of the task, to be kept, outside of any poll.
//
// Returns: SM_OK, SM_INVALID; SM_NO_MEMORY as a clone.
enum sm_status sm_task_waker(struct sm_task *task, struct sm_waker *out_waker);

// sm_task_wake wakes the task as its wakers do. It runs at once with what they do.
//
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_task_wake(struct sm_task *task);

// sm_waker_will_wake writes 1 where both are wakers of one task, lent or cloned, or the same record, else 0. [WAKER-24]
//
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_waker_will_wake(const struct sm_waker *one, const struct sm_waker *other, int *out_same);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_TASK_H_
