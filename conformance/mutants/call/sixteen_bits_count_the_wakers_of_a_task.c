// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-71. A task's wakers are counted in 16 bits: with 65,536 of them the count is 0, and a drop that finds it
// so again gives the task up.
#include "conformance/mutants/call/base.h"

static void release(struct task *task) {
    pthread_mutex_lock(&task->lock);
    int seems_last = task->references > 1 && (task->references - 1) % 65536 == 0;
    pthread_mutex_unlock(&task->lock);
    if (seems_last && task->box != NULL) {
        parts.task_end(task, given_up);
    }
    task_release(task);
}

CALL_MUTANT("sixteen_bits_count_the_wakers_of_a_task", parts.task_release = release)
