// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A loop that sleeps until another thread has something for it: notify is what rouses it.
#include "reference/loop.h"

#include <pthread.h>
#include <stdio.h>

#include "reference/promise.h"

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

static void number_drop(void *context, void *value) {
    (void)context;
    (void)value; // the word itself is the number
}

static const struct sm_value_type numbers = {sizeof numbers, NULL, number_drop, NULL};

static void *decide(void *context) {
    struct sm_fulfiller *fulfiller = context;
    sm_promise_fulfill(fulfiller, NULL);
    sm_fulfiller_drop(fulfiller);
    return NULL;
}

int main(void) {
    struct bell bell = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    struct sm_loop *loop;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
    pthread_t thread;
    uint32_t count = 0;
    if (sm_loop_create(ring, &bell, &loop) != SM_OK || sm_loop_enter(loop) != SM_OK ||
        sm_promise_create(loop, &numbers, &promise, &fulfiller) != SM_OK || sm_loop_run(loop, &count) != SM_OK ||
        pthread_create(&thread, NULL, decide, fulfiller) != 0) {
        return 1;
    }

    while (count == 0) {
        sleep_until_rung(&bell);
        sm_loop_run(loop, &count);
    }
    printf("%u event\n", (unsigned)count); // 1 event
    pthread_join(thread, NULL);
    sm_promise_destroy(promise);
    sm_loop_destroy(loop);
    return 0;
}
