// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-65. A wake inside the poll asks for its task there, and another thread begins it.
#include "conformance/mutants/call/base.h"

static struct task *running;
static struct result run(struct box *box, const struct sm_waker *waker) {
    running = waker->data;
    struct result result = box_run(box, waker);
    running = NULL;
    return result;
}
static void wake(struct task *task) {
    if (task == running && task->busy && !task->woken) {
        task->woken = 1;
        task->references++;
        task_schedule(task);
    } else {
        task_wake(task);
    }
}
static void leave(struct task *task) {
    task->busy = task->woken;
    task_release(task);
}

CALL_MUTANT("wake_inside_poll_schedules_at_once", parts.run = run, parts.task_wake = wake, parts.task_leave = leave)
