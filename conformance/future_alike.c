// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The case of the profile `future` in which a future is polled with the waker of another task that looks like the one
// before.
#include "conformance/harness/alike.h"
#include "conformance/harness/suite.h"

static void poll_pending(struct sm_trial *trial, struct sm_future *future, const struct sm_waker *waker) {
    enum sm_poll found = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->poll(future, waker, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, found);
}

// The first poll keeps a clone, so that there is something to be kept; the second wakes.
static void poll_tells_wakers_apart(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->future->wakes == SM_WAKES_DELIVERED, "wakes are declared as LOST");
    for (enum sm_likeness likeness = 0; likeness < SM_ALIKE_COUNT; likeness++) {
        struct sm_alike alike;
        struct sm_script script;
        sm_alike_begin(&alike, trial);
        sm_script_begin(&script, trial);
        sm_script_add(&script, SM_STEP_CLONE, NULL);
        sm_script_add(&script, SM_STEP_WAKE, NULL);
        struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
        struct sm_future *future = NULL;
        SM_EXPECT_STATUS(trial, SM_OK, trial->future->create(&source, &future));
        poll_pending(trial, future, sm_alike_waker(&alike, likeness, 0));
        poll_pending(trial, future, sm_alike_waker(&alike, likeness, 1));
        script.kept.vtable->drop(script.kept.data);
        SM_EXPECT_STATUS(trial, SM_OK, trial->future->destroy(future));
        SM_EXPECT_SECOND_WOKEN(trial, &alike);
    }
}

const struct sm_case sm_future_alike_cases[] = {
    SM_CASE(FUTURE_31, poll_tells_wakers_apart),
};
const size_t sm_future_alike_case_count = sizeof sm_future_alike_cases / sizeof sm_future_alike_cases[0];
