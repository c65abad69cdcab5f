// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-74. What a wake did lies in a variable of the thread that woke: a task that runs on another one sees
// nothing new, and does not poll.
#include "conformance/mutants/call/base.h"

static _Thread_local struct task *woken;
static void wake(struct task *task) {
    woken = task;
    task_wake(task);
}
static struct result run(struct box *box, const struct sm_waker *waker) {
    const struct task *task = waker->data;
    if (waker->vtable == &task_waker_vtable && task->references > 1 && woken != task) {
        return (struct result){0, SM_OK, NULL};
    }
    return box_run(box, waker);
}

CALL_MUTANT("wake_stays_with_thread", parts.task_wake = wake, parts.run = run)
