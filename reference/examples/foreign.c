// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The library waits for a method of the host's, which completes it on another thread.
#include "reference/foreign.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

static void number_drop(void *context, void *value) {
    (void)context;
    (void)value;
}

static const struct sm_value_type numbers = {sizeof numbers, NULL, number_drop, NULL};

// The host: a thread for each call, which answers with 42.
static void *answer(void *token) {
    sm_foreign_complete((uint64_t)(uintptr_t)token, SM_OK, (void *)(uintptr_t)42);
    return NULL;
}

static void start(void *context, uint64_t token) {
    pthread_t *thread = context;
    if (pthread_create(thread, NULL, answer, (void *)(uintptr_t)token) != 0) {
        sm_foreign_complete(token, SM_FAULT, NULL);
    }
}

// The waiter is woken by a flag.
static atomic_int woken;

static enum sm_status flag_clone(const void *data, struct sm_waker *out_waker);
static void flag_wake_by_ref(const void *data) {
    (void)data;
    atomic_store(&woken, 1);
}
static void flag_wake(void *data) {
    flag_wake_by_ref(data);
}
static void flag_drop(void *data) {
    (void)data;
}
static const struct sm_waker_vtable flag_vtable = {flag_clone, flag_wake, flag_wake_by_ref, flag_drop};
static enum sm_status flag_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = (struct sm_waker){NULL, &flag_vtable};
    return SM_OK;
}

int main(void) {
    pthread_t thread;
    const struct sm_foreign_method method = {sizeof method, &thread, start, NULL};
    const struct sm_waker waker = {NULL, &flag_vtable};
    struct sm_foreign *foreign;
    if (sm_foreign_call(&method, &numbers, &foreign) != SM_OK) {
        return 1;
    }
    enum sm_poll found = SM_POLL_PENDING;
    void *value = NULL;
    while (sm_foreign_poll(foreign, &waker, &found, &value) == SM_OK && found == SM_POLL_PENDING) {
        while (!atomic_exchange(&woken, 0)) {
            sched_yield();
        }
    }
    sm_foreign_destroy(foreign);
    pthread_join(thread, NULL);
    printf("%ju\n", (uintmax_t)(uintptr_t)value); // 42
    return found == SM_POLL_READY && value == (void *)(uintptr_t)42 ? 0 : 1;
}
