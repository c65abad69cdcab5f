// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The case of the profile `call` in which a waker is replaced by one of another task that looks like it.
#include "conformance/harness/alike.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"

static void keep_token(void *context, uint64_t token) {
    *(uint64_t *)context = token;
}

static void poll_pending(struct sm_trial *trial, struct sm_foreign *foreign, const struct sm_waker *waker) {
    enum sm_poll found = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_poll(foreign, waker, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, found);
}

static void foreign_call_tells_wakers_apart(struct sm_trial *trial) {
    SM_NEED(trial, call, foreign_call);
    for (enum sm_likeness likeness = 0; likeness < SM_ALIKE_COUNT; likeness++) {
        struct sm_alike alike;
        uint64_t token = 0;
        const struct sm_foreign_method method = {sizeof method, &token, keep_token, NULL};
        struct sm_foreign *foreign = NULL;
        sm_alike_begin(&alike, trial);
        SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_call(&method, sm_value_type_word(trial), &foreign));
        poll_pending(trial, foreign, sm_alike_waker(&alike, likeness, 0));
        poll_pending(trial, foreign, sm_alike_waker(&alike, likeness, 1));
        SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_complete(token, SM_OK, NULL));
        SM_EXPECT_SECOND_WOKEN(trial, &alike);
    }
}

const struct sm_case sm_call_alike_cases[] = {
    SM_CASE(CALL_44, foreign_call_tells_wakers_apart),
};
const size_t sm_call_alike_case_count = sizeof sm_call_alike_cases / sizeof sm_call_alike_cases[0];
