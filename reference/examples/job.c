// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A countdown that its loop polls until it is over: at each step it asks to be polled again.
#include "reference/job.h"

#include <stdio.h>

static enum sm_status countdown_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    int *left = state;
    if (--*left > 0) {
        waker->vtable->wake_by_ref(waker->data);
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    *out_poll = SM_POLL_READY;
    *out_value = "lift-off";
    return SM_OK;
}

static void countdown_drop(void *state) {
    (void)state;
}

static void text_drop(void *context, void *value) {
    (void)context;
    (void)value; // a literal
}

static const struct sm_value_type texts = {sizeof texts, NULL, text_drop, NULL};

int main(void) {
    static const struct sm_future_vtable countdown = {sizeof(int), _Alignof(int), countdown_poll, countdown_drop};
    int from = 3;
    const struct sm_future_source source = {sizeof source, SM_FORM_LOCAL, &countdown, &from};
    struct sm_loop *loop;
    struct sm_job *job;
    uint32_t count = 0;
    if (sm_loop_create(NULL, NULL, &loop) != SM_OK || sm_loop_enter(loop) != SM_OK ||
        sm_job_spawn(loop, &source, &texts, &job) != SM_OK || sm_loop_run(loop, &count) != SM_OK) {
        return 1;
    }

    enum sm_poll found;
    void *text = NULL;
    int over = sm_job_result(job, &found, &text) == SM_OK && found == SM_POLL_READY;
    if (over) {
        printf("%s after %u polls\n", (const char *)text, (unsigned)count); // lift-off after 3 polls
    }
    sm_job_destroy(job);
    sm_loop_destroy(loop);
    return over && count == 3 ? 0 : 1;
}
