// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// One thread does work, and another waits for all of it: it leaves its waker in a cell before it looks, so that no wake
// falls between the two.
#include "reference/waker_cell.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#include "reference/task.h"

enum { WORK = 1000 };

static struct sm_waker_cell *cell;
static atomic_int done;

static void *work(void *unused) {
    (void)unused;
    for (int i = 0; i < WORK; i++) {
        atomic_fetch_add(&done, 1);
        sm_waker_cell_wake(cell);
    }
    return NULL;
}

// is_all_done registers, then looks; where it is not all done, a wake comes.
static int is_all_done(const struct sm_waker *waker) {
    return sm_waker_cell_register(cell, waker) == SM_OK && atomic_load(&done) == WORK;
}

int main(void) {
    struct sm_ready_queue *queue;
    struct sm_task *task;
    pthread_t thread;
    if (sm_waker_cell_create(&cell) != SM_OK || sm_ready_queue_create(NULL, NULL, &queue) != SM_OK ||
        sm_task_create(queue, NULL, &task) != SM_OK || pthread_create(&thread, NULL, work, NULL) != 0) {
        return 1;
    }
    sm_task_wake(task);

    for (int is_over = 0; !is_over;) {
        const struct sm_waker *waker;
        enum sm_rearm rearm;
        void *token;
        while (sm_ready_queue_take(queue, &token) != SM_OK) {
            sched_yield(); // or sleep until notify, as examples/task.c does
        }
        sm_task_begin(task, &waker);
        is_over = is_all_done(waker);
        sm_task_end(task, &rearm);
    }
    printf("%d done\n", atomic_load(&done)); // 1000 done
    pthread_join(thread, NULL);
    sm_waker_cell_destroy(cell);
    sm_task_destroy(task);
    sm_ready_queue_destroy(queue);
    return 0;
}
