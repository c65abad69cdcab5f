// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An event loop of one's own: it polls what a waker has made ready, and sleeps where there is nothing.
#include "reference/task.h"

#include <pthread.h>
#include <stdio.h>

struct bell {
    pthread_mutex_t mutex;
    pthread_cond_t rung;
    int rings;
};

static void ring(void *context) {
    struct bell *bell = context;
    pthread_mutex_lock(&bell->mutex);
    bell->rings++;
    pthread_cond_signal(&bell->rung);
    pthread_mutex_unlock(&bell->mutex);
}

static void sleep_until_rung(struct bell *bell) {
    pthread_mutex_lock(&bell->mutex);
    while (bell->rings == 0) {
        pthread_cond_wait(&bell->rung, &bell->mutex);
    }
    bell->rings = 0;
    pthread_mutex_unlock(&bell->mutex);
}

// What the task waits for: another thread writes an answer, and then wakes.
struct question {
    struct sm_task *task;
    struct sm_waker waker;
    int answer;
};

static void *answer(void *context) {
    struct question *question = context;
    question->answer = 42;
    question->waker.vtable->wake(question->waker.data);
    return NULL;
}

// The future: asks once, and is ready when it is polled again.
static int poll(struct question *question, const struct sm_waker *waker, pthread_t *thread) {
    if (question->answer != 0) {
        return 1;
    }
    waker->vtable->clone(waker->data, &question->waker);
    pthread_create(thread, NULL, answer, question);
    return 0;
}

int main(void) {
    struct bell bell = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    struct question question = {0};
    struct sm_ready_queue *queue;
    pthread_t thread;
    if (sm_ready_queue_create(ring, &bell, &queue) != SM_OK ||
        sm_task_create(queue, &question, &question.task) != SM_OK || sm_task_wake(question.task) != SM_OK) {
        return 1;
    }

    int polls = 0;
    for (int is_ready = 0; !is_ready;) {
        void *token;
        while (sm_ready_queue_take(queue, &token) != SM_OK) {
            sleep_until_rung(&bell);
        }
        struct question *ready = token;
        const struct sm_waker *waker;
        enum sm_rearm rearm;
        sm_task_begin(ready->task, &waker);
        is_ready = poll(ready, waker, &thread);
        sm_task_end(ready->task, &rearm);
        polls++;
    }
    printf("%d after %d polls\n", question.answer, polls); // 42 after 2 polls
    pthread_join(thread, NULL);
    sm_task_destroy(question.task);
    sm_ready_queue_destroy(queue);
    return question.answer == 42 && polls == 2 ? 0 : 1;
}
