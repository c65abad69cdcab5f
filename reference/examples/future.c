// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A future that counts down and asks to be polled again each time, and a host that polls while it is woken.
#include "reference/future.h"

#include <stdio.h>

static enum sm_status countdown_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    int *left = state;
    if (*left > 0) {
        --*left;
        waker->vtable->wake_by_ref(waker->data);
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    *out_poll = SM_POLL_READY;
    *out_value = "liftoff";
    return SM_OK;
}

static void countdown_drop(void *state) {
    (void)state; // an int needs nothing
}

static const struct sm_future_vtable countdown = {sizeof(int), _Alignof(int), countdown_poll, countdown_drop};

// The host's waker counts. It lives as long as the program, so its clones need no reference count.
static int wakes;
static const struct sm_waker_vtable counting;

static enum sm_status counting_clone(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &counting};
    return SM_OK;
}

static void counting_wake_by_ref(const void *data) {
    (void)data;
    wakes++;
}

static void counting_wake(void *data) {
    counting_wake_by_ref(data);
}

static void counting_drop(void *data) {
    (void)data;
}

static const struct sm_waker_vtable counting = {counting_clone, counting_wake, counting_wake_by_ref, counting_drop};

int main(void) {
    const struct sm_waker waker = {NULL, &counting};
    const int from = 3;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &countdown, &from};
    struct sm_future *future;
    if (sm_future_create(&source, &future) != SM_OK) {
        return 1;
    }
    enum sm_poll found = SM_POLL_PENDING;
    void *value = NULL;
    enum sm_status status;
    do {
        wakes = 0;
        status = sm_future_poll(future, &waker, &found, &value);
    } while (status == SM_OK && found == SM_POLL_PENDING && wakes > 0);

    int ready = status == SM_OK && found == SM_POLL_READY;
    if (ready) {
        puts(value); // liftoff
    }
    sm_future_destroy(future);
    return ready ? 0 : 1;
}
