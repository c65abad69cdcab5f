// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A host with an event loop of its own that runs two futures to their ends.
#include "reference/executor.h"

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
    *out_poll = *left > 0 ? SM_POLL_PENDING : SM_POLL_READY;
    *out_value = NULL;
    if ((*left)-- > 0) {
        waker->vtable->wake_by_ref(waker->data);
    }
    return SM_OK;
}

static void countdown_drop(void *state) {
    (void)state;
}

static const struct sm_future_vtable countdown = {sizeof(int), _Alignof(int), countdown_poll, countdown_drop};

// The event loop: what is due, in order.
enum { DUE_MAX = 16 };
static struct {
    void (*run)(void *data, enum sm_schedule code);
    void *data;
} due[DUE_MAX];
static unsigned due_count, ended, released;

static enum sm_schedule schedule(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    (void)context;
    if (due_count == DUE_MAX) {
        return SM_SCHEDULE_ERROR;
    }
    due[due_count].run = run;
    due[due_count++].data = data;
    return SM_SCHEDULE_SUCCESS;
}

static void loop_released(void *context) {
    (void)context;
    released++;
}

static void done(void *data, enum sm_status status, void *value) {
    (void)value;
    printf("%s has ended\n", (const char *)data);
    ended += status == SM_OK;
}

int main(void) {
    static const struct sm_executor_host host = {sizeof host, NULL, schedule, loop_released};
    static char names[2][8] = {"first", "second"};
    struct sm_executor *executor;
    if (sm_executor_create(&host, &executor) != SM_OK) {
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        const int from = 3 - i;
        const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &countdown, &from};
        if (sm_executor_spawn(executor, &source, &numbers, done, names[i]) != SM_OK) {
            return 1;
        }
    }
    sm_executor_destroy(executor); // what was spawned goes on
    for (unsigned i = 0; i < due_count; i++) {
        due[i].run(due[i].data, SM_SCHEDULE_SUCCESS);
    }
    return ended == 2 && released == 1 ? 0 : 1;
}
