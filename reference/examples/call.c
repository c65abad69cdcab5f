// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A host that drives a call to its end: it polls, waits to be told, polls again, and fetches the result.
#include "reference/call.h"

#include <stdio.h>

static void number_drop(void *context, void *value) {
    (void)context;
    (void)value;
}

static const struct sm_value_type numbers = {sizeof numbers, NULL, number_drop, NULL};

// The future: counts down, and wakes itself each time.
static enum sm_status countdown_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    int *left = state;
    if ((*left)-- > 0) {
        *out_poll = SM_POLL_PENDING;
        waker->vtable->wake_by_ref(waker->data);
        return SM_OK;
    }
    *out_poll = SM_POLL_READY;
    *out_value = (void *)(uintptr_t)7;
    return SM_OK;
}

static void countdown_drop(void *state) {
    (void)state;
}

static const struct sm_future_vtable countdown = {sizeof(int), _Alignof(int), countdown_poll, countdown_drop};

// The host's event loop has one task, which is told what to do next.
static void resume(void *data, enum sm_call_code code) {
    enum sm_call_code *next = data;
    *next = code;
}

int main(void) {
    const int from = 3;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &countdown, &from};
    struct sm_call *call;
    if (sm_call_create(&source, &numbers, &call) != SM_OK) {
        return 1;
    }
    enum sm_call_code next = SM_CALL_WAKE;
    while (next == SM_CALL_WAKE && sm_call_poll(call, resume, &next) == SM_OK) {
        puts(next == SM_CALL_WAKE ? "poll again" : "complete");
    }
    void *value = NULL;
    enum sm_status status = sm_call_complete(call, &value);
    printf("%ju\n", (uintmax_t)(uintptr_t)value); // 7
    sm_call_destroy(call);
    return status == SM_OK && value == (void *)(uintptr_t)7 ? 0 : 1;
}
