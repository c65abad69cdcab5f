// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// One thread asks another for a greeting, and waits for the promise of it.
#include "reference/promise.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

static void greeting_drop(void *context, void *value) {
    (void)context;
    free(value);
}

static const struct sm_value_type greetings = {sizeof greetings, NULL, greeting_drop, NULL};

static void *greet(void *context) {
    struct sm_fulfiller *fulfiller = context;
    char *greeting = malloc(8);
    if (greeting != NULL) {
        snprintf(greeting, 8, "hello");
        if (sm_promise_fulfill(fulfiller, greeting) != SM_OK) {
            free(greeting); // nobody waits any more: it is still ours
        }
    }
    sm_fulfiller_drop(fulfiller); // undecided, where there was no memory: the promise ends as SM_CANCELLED
    return NULL;
}

// A waker that does nothing: this thread looks again by itself.
static const struct sm_waker patience;
static enum sm_status patience_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = patience;
    return SM_OK;
}
static void patience_end(void *data) {
    (void)data;
}
static void patience_wake(const void *data) {
    (void)data;
}
static const struct sm_waker_vtable patience_vtable = {patience_clone, patience_end, patience_wake, patience_end};
static const struct sm_waker patience = {NULL, &patience_vtable};

int main(void) {
    struct sm_loop *loop;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
    pthread_t thread;
    if (sm_loop_create(NULL, NULL, &loop) != SM_OK || sm_loop_enter(loop) != SM_OK ||
        sm_promise_create(loop, &greetings, &promise, &fulfiller) != SM_OK ||
        pthread_create(&thread, NULL, greet, fulfiller) != 0) {
        return 1;
    }

    enum sm_poll found = SM_POLL_PENDING;
    void *greeting = NULL;
    uint32_t count;
    while (sm_promise_poll(promise, &patience, &found, &greeting) == SM_OK && found == SM_POLL_PENDING) {
        sched_yield();
        sm_loop_run(loop, &count);
    }
    if (greeting != NULL) {
        puts(greeting); // hello
        free(greeting);
    }
    pthread_join(thread, NULL);
    sm_promise_destroy(promise);
    sm_loop_destroy(loop);
    return greeting != NULL ? 0 : 1;
}
